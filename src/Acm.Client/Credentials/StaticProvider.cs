namespace Acm.Client.Credentials;

/// <summary>Keys that were given or read from a file, by which a role is assumed or a chain ends.</summary>
internal sealed class StaticProvider(AcmCredential credential) : ICredentialProvider
{
    public string Name => "Keys";

    public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken) => Task.FromResult(credential);
}
