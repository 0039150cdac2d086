namespace Acm.Client.Credentials;

/// <summary>Provides fixed keys, with or without a security token, which are never renewed: as the source of a connection, or to assume a role.</summary>
internal sealed class StaticCredentialSource(AcmCredential credential) : AcmCredentialSource, ICredentialProvider
{
    public override string Name => "Keys";

    public override AcmCredential Current => credential;

    internal override bool IsGiven => true;

    public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => new(credential);

    public Task<AcmCredential> FetchAsync(CancellationToken cancellationToken) => Task.FromResult(credential);
}
