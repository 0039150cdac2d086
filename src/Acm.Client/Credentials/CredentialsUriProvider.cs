using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>Requests temporary credentials from a URI of the user, as aliyun/credentials-java does.</summary>
internal sealed class CredentialsUriProvider(CredentialScope scope) : ICredentialProvider
{
    private const string UriVariable = "ALIBABA_CLOUD_CREDENTIALS_URI";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Name => "CredentialsUri";

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        string text = scope.Variable(UriVariable) ?? throw CredentialErrors.None($"{UriVariable} is not set.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) throw CredentialErrors.None($"{UriVariable} is not a valid HTTP or HTTPS address.");

        using var message = new HttpRequestMessage(HttpMethod.Get, uri);
        WireResponse response = await scope.WebAsync(message, Limit, cancellationToken).ConfigureAwait(false);

        // Only host and port are named: the rest of the address may be secret.
        string where = $"The credentials URI at {response.Server}";
        return response.Status == 200 ? CredentialJson.Read(response, scope.Clock, where) : throw CredentialErrors.None($"{where} answered {response.Status}.");
    }
}
