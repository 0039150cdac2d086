namespace Acm.Client;

/// <summary>
/// A source of credentials: fixed keys, or a service that issues temporary credentials, which are renewed before they expire. Thread-safe.
/// Its name and its errors do not reveal secrets.
/// </summary>
public abstract class AcmCredentialSource : IDisposable
{
    /// <summary>Gets the display name of the source, such as <c>Keys</c> or <c>RamRole</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the cached credentials; null if none were requested yet.</summary>
    public abstract AcmCredential? Current { get; }

    /// <summary>Gets whether the source holds fixed credentials, which may be a user name and password. Other sources issue access keys.</summary>
    internal virtual bool IsGiven => false;

    /// <summary>Gets when <see cref="Current"/> expires; null for permanent credentials and if none are cached.</summary>
    public DateTimeOffset? Expires => Current?.Expires;

    /// <summary>Gets the credentials to use now. Completes synchronously if they are cached.</summary>
    /// <param name="cancellationToken">Cancels the operation for this caller; a refresh that other callers wait for continues.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: the source has no credentials; the message says why.</exception>
    public abstract ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reports that a server rejected these credentials: the next <see cref="GetAsync"/> requests new ones, unless that has just been done.
    /// Does nothing for permanent credentials.
    /// </summary>
    public virtual void Invalidate(AcmCredential used)
    {
    }

    /// <summary>Cancels pending requests for credentials.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Cancels pending requests for credentials.</summary>
    /// <param name="disposing">True if called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
