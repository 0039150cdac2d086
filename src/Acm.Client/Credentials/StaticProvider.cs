namespace Acm.Client.Credentials;

/// <summary>Provides fixed keys, to assume a role.</summary>
internal sealed class StaticProvider(AcmCredential credential) : ICredentialProvider
{
    public string Name => "Keys";

    public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken) => Task.FromResult(credential);
}
