namespace Acm.Client.Credentials;

/// <summary>
/// Gets credentials from one place. A provider is asked whenever new ones are needed and does not cache;
/// <see cref="RefreshingCredentialSource"/> does.
/// </summary>
internal interface ICredentialProvider
{
    /// <summary>Gets the display name.</summary>
    string Name { get; }

    /// <summary>Gets the current credentials.</summary>
    /// <exception cref="AcmException">There are none. The message says why, without secrets.</exception>
    Task<AcmCredential> FetchAsync(CancellationToken cancellationToken);
}
