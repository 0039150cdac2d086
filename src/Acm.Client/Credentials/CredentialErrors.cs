namespace Acm.Client.Credentials;

/// <summary>Creates errors of credential sources, and credentials with validation.</summary>
internal static class CredentialErrors
{
    private const string CheckTheSource = "Check the source of the credentials, or use another one.";

    /// <param name="why">What is missing or failed, as a sentence without secrets.</param>
    /// <param name="advice">What to do about it; null for the general advice.</param>
    /// <param name="cause">The cause; null for none.</param>
    public static AcmException None(string why, string? advice = null, Exception? cause = null) =>
        new(AcmErrorKind.AuthenticationFailed, why, cause) { Advice = advice ?? CheckTheSource, Option = advice is null ? nameof(AcmClientOptions.CredentialSource) : null, IsFinal = true };

    /// <summary>Creates credentials from external values.</summary>
    /// <param name="accessKey">The access key ID.</param>
    /// <param name="secretKey">The secret key.</param>
    /// <param name="token">The security token; null for permanent keys.</param>
    /// <param name="expires">When they expire; null for permanent keys.</param>
    /// <param name="where">The source, as error messages name it.</param>
    /// <exception cref="AcmException">A value is missing or not valid.</exception>
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
            // The message contains the position of an invalid character, not the value.
            throw None($"The credentials of {where} cannot be used: {e.Message}", cause: e);
        }
    }
}
