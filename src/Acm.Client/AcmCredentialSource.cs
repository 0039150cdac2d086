namespace Acm.Client;

/// <summary>
/// Where credentials come from: keys that were given, or a place that hands out temporary ones and is asked again before they end. Thread-safe.
/// Its name, its text form and its errors show no secret.
/// </summary>
public abstract class AcmCredentialSource : IDisposable
{
    /// <summary>What a person calls the source, such as <c>Keys</c> or <c>RamRole</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The credential as it is known without asking anyone; null where none was asked for yet.</summary>
    public abstract AcmCredential? Current { get; }

    /// <summary>Whether it holds what it was given, which may be a user and a password. What other sources hand out are access keys.</summary>
    internal virtual bool IsGiven => false;

    /// <summary>When <see cref="Current"/> ends; null for lasting credentials and where none is known yet.</summary>
    public DateTimeOffset? Expires => Current?.Expires;

    /// <summary>The credential to sign with now. Completes synchronously while one is at hand.</summary>
    /// <param name="cancellationToken">Ends the wait of this caller; a refresh that others wait for as well goes on.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: the source yields none; the message says why.</exception>
    public abstract ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that a server refused this credential: the next <see cref="GetAsync"/> asks the source anew, unless that was done already or a moment ago.
    /// Does nothing for lasting credentials.
    /// </summary>
    public virtual void Invalidate(AcmCredential used)
    {
    }

    /// <summary>Ends what the source has under way.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The name only.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Ends what the source has under way.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
