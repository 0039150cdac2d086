namespace Acm.Client.Credentials;

/// <summary>
/// A place that credentials come from. It is asked whenever new ones are needed and remembers nothing: that is the business of
/// <see cref="RefreshingCredentialSource"/>.
/// </summary>
internal interface ICredentialProvider
{
    /// <summary>What a person calls it.</summary>
    string Name { get; }

    /// <summary>Credentials as they are now.</summary>
    /// <exception cref="AcmException">There are none. The message says why, as a sentence of its own, without any secret.</exception>
    Task<AcmCredential> FetchAsync(CancellationToken cancellationToken);
}
