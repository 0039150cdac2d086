namespace Acm.Client.Credentials;

/// <summary>A source of fixed keys, with or without a security token, which are never renewed.</summary>
internal sealed class StaticCredentialSource(AcmCredential credential) : AcmCredentialSource
{
    public override string Name => "Keys";

    public override AcmCredential Current => credential;

    internal override bool IsGiven => true;

    public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => new(credential);
}
