namespace Acm.Client.Credentials;

/// <summary>Reads keys from environment variables, anew each time.</summary>
internal sealed class EnvironmentProvider(CredentialScope scope) : ICredentialProvider
{
    private const string Id = "ALIBABA_CLOUD_ACCESS_KEY_ID";
    private const string Secret = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
    private const string Token = "ALIBABA_CLOUD_SECURITY_TOKEN";

    public string Name => "Environment";

    public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        string? id = scope.Variable(Id);
        string? secret = scope.Variable(Secret);
        if (id is null || secret is null) throw CredentialErrors.None($"{(id is null && secret is null ? $"{Id} and {Secret} are" : (id is null ? Id : Secret) + " is")} not set.");

        return Task.FromResult(CredentialErrors.Make(id, secret, scope.Variable(Token), expires: null, "The environment"));
    }
}
