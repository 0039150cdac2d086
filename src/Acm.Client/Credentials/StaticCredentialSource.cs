namespace Acm.Client.Credentials;

/// <summary>Keys that were given, with or without a token. They are used as they are: nobody can be asked for newer ones.</summary>
internal sealed class StaticCredentialSource(AcmCredential credential) : AcmCredentialSource
{
    public override string Name => "Keys";

    public override AcmCredential Current => credential;

    internal override bool IsGiven => true;

    public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => new(credential);
}
