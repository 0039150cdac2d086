namespace Acm.Client.Credentials;

/// <summary>The errors of places that have no credentials to give, and the making of those they have.</summary>
internal static class CredentialErrors
{
    private const string CheckTheSource = "Check the source of the credentials, or use another one.";

    /// <param name="why">What is missing or went wrong, as a sentence. Never holds a secret.</param>
    /// <param name="advice">What to do about it; null for looking where they come from.</param>
    /// <param name="cause">The cause, if there is one.</param>
    public static AcmException None(string why, string? advice = null, Exception? cause = null) =>
        new(AcmErrorKind.AuthenticationFailed, why, cause) { Advice = advice ?? CheckTheSource, Option = advice is null ? nameof(AcmClientOptions.CredentialSource) : null, IsFinal = true };

    /// <summary>A credential of parts that came from elsewhere.</summary>
    /// <param name="accessKey">Access key id.</param>
    /// <param name="secretKey">Secret key.</param>
    /// <param name="token">Security token; null for lasting keys.</param>
    /// <param name="expires">When it ends.</param>
    /// <param name="where">Who gave it, as errors name it.</param>
    /// <exception cref="AcmException">A part is missing, or can't be sent.</exception>
    public static AcmCredential Make(string? accessKey, string? secretKey, string? token, DateTimeOffset? expires, string where)
    {
        if (string.IsNullOrEmpty(accessKey)) throw None($"{where} has no access key ID.");
        if (string.IsNullOrEmpty(secretKey)) throw None($"{where} has no secret key.");

        try
        {
            return new AcmCredential(accessKey!, secretKey!, string.IsNullOrEmpty(token) ? null : token, expires);
        }
        catch (ArgumentException e)
        {
            // Its message tells the position of a bad character, not the value.
            throw None($"The credentials of {where} cannot be used: {e.Message}", cause: e);
        }
    }
}
