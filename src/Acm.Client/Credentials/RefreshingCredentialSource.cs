using Acm.Client.Text;

namespace Acm.Client.Credentials;

/// <summary>
/// Caches the credentials of a provider and refreshes them before they expire, in the background, one refresh at a time. The old
/// credentials are used until they expire. After a failure the provider is asked again with exponential back-off. Idle sources do not refresh.
/// </summary>
internal sealed class RefreshingCredentialSource : AcmCredentialSource
{
    /// <summary>Maximum time before the expiry at which a refresh starts; a fifth of the lifetime if that is shorter.</summary>
    public static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(15);

    /// <summary>Maximum delay after the first failure; it doubles with each further one.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Minimum time between refreshes because a server rejected valid credentials: a missing permission is rejected each time.</summary>
    public static readonly TimeSpan RefusalRest = TimeSpan.FromSeconds(30);

    /// <summary>Minimum time between refreshes, for services that return the same credentials until shortly before they expire.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ICredentialProvider _provider;
    private readonly IDisposable? _owned;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly IAcmLog? _log;

    private volatile HeldCredential? _held;
    private Task<AcmCredential>? _running;
    private AcmException? _failure;
    private int _failures;
    private DateTimeOffset _notBefore;
    private DateTimeOffset _nextRefusal;

    /// <param name="provider">The provider.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="log">The log for refreshes; null for none.</param>
    /// <param name="owned">A resource that is disposed with this source; null for none.</param>
    public RefreshingCredentialSource(ICredentialProvider provider, TimeProvider clock, Func<double> random, IAcmLog? log = null, IDisposable? owned = null)
    {
        _provider = provider;
        _clock = clock;
        _random = random;
        _log = log;
        _owned = owned;
    }

    public override string Name => _provider.Name;

    public override AcmCredential? Current => _held?.Credential;

    public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default)
    {
        if (_held is { IsRefused: false } held)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            if (now < held.RefreshAt) return new(held.Credential);
            if (now < held.Expires)
            {
                RefreshInBackground(held, now);
                return new(held.Credential);
            }
        }

        return new(WaitAsync(cancellationToken));
    }

    public override void Invalidate(AcmCredential used)
    {
        lock (_gate)
        {
            if (_held is not { } held || !ReferenceEquals(held.Credential, used) || used.SecurityToken is null) return;

            DateTimeOffset now = _clock.GetUtcNow();
            if (now < held.RefreshAt && now < _nextRefusal) return;
            _nextRefusal = now + RefusalRest;
            _held = held with { IsRefused = true };
        }
    }

    protected override void Dispose(bool disposing)
    {
        // The token source is not disposed: a concurrent refresh may still use it, and it holds no resources.
        _ending.Cancel();
        _owned?.Dispose();
        base.Dispose(disposing);
    }

    private void RefreshInBackground(HeldCredential held, DateTimeOffset now)
    {
        if (now < held.Obtained + ShortestInterval) return;
        JoinOrStart(now, out _);
    }

    private async Task<AcmCredential> WaitAsync(CancellationToken cancellationToken)
    {
        Task<AcmCredential>? refresh = JoinOrStart(_clock.GetUtcNow(), out AcmException? failure);
        if (refresh is not null)
        {
            try
            {
                return await refresh.WaitAsync(Timeout.InfiniteTimeSpan, _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmException e)
            {
                failure = e;
            }
        }

        // Rejected or expiring credentials may still work; the failure was logged.
        if (_held is { } held && _clock.GetUtcNow() < held.Expires) return held.Credential;
        throw new AcmException(AcmErrorKind.AuthenticationFailed, failure!.Message, failure) { Advice = failure.Advice, IsFinal = true };
    }

    /// <summary>Returns the running refresh or starts one; null and the last failure during the back-off.</summary>
    private Task<AcmCredential>? JoinOrStart(DateTimeOffset now, out AcmException? failure)
    {
        TaskCompletionSource<AcmCredential> done;
        lock (_gate)
        {
            failure = null;
            if (_running is not null) return _running;

            // Another call may have refreshed before the lock was taken.
            if (_held is { IsRefused: false } held && now < held.RefreshAt) return Task.FromResult(held.Credential);
            if (_failure is not null && now < _notBefore)
            {
                failure = _failure;
                return null;
            }

            done = new TaskCompletionSource<AcmCredential>(TaskCreationOptions.RunContinuationsAsynchronously);
            _running = done.Task;
        }

        _ = RefreshAsync(done);
        return done.Task;
    }

    /// <summary>Refreshes the credentials. Never throws: the result goes to the task that callers await.</summary>
    private async Task RefreshAsync(TaskCompletionSource<AcmCredential> done)
    {
        try
        {
            AcmCredential credential = await _provider.FetchAsync(_ending.Token).ConfigureAwait(false);
            done.SetResult(Keep(credential));
        }
        catch (Exception e)
        {
            done.SetException(Fail(e));

            // Observe the exception of a background refresh; it was logged.
            _ = done.Task.Exception;
        }
    }

    private AcmCredential Keep(AcmCredential credential)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (credential.Expires <= now)
        {
            throw CredentialErrors.None($"It returned credentials that expired at {credential.Expires:u}; the clock of this computer says {now:u}.", "Check the clock of this computer.");
        }

        lock (_gate)
        {
            // Unchanged credentials keep their object, so that callers can see that nothing was renewed.
            if (_held is { } held && held.Credential.IsSameAs(credential)) credential = held.Credential;
            _held = new HeldCredential(credential, now);
            _failure = null;
            _failures = 0;
            _running = null;
        }

        Tell(AcmLogLevel.Verbose, credential.Expires is { } end ? $"{Name} returned credentials that expire at {end:u}." : $"{Name} returned credentials that do not expire.");
        return credential;
    }

    private AcmException Fail(Exception error)
    {
        AcmException failure = error is OperationCanceledException && _ending.IsCancellationRequested
            ? new AcmException(AcmErrorKind.NotConnected, "The connection was closed.", error) { IsFinal = true }
            : CredentialErrors.None($"{Name} provided no credentials. {error.Message}", (error as AcmException)?.Advice, error);
        TimeSpan pause;
        bool usable;
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            var longest = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(_failures, 10)));
            pause = TimeSpan.FromTicks((long)(longest.Ticks * (0.5 + (_random() / 2))));
            _failures++;
            _notBefore = now + pause;
            _failure = failure;
            _running = null;
            usable = _held is { } held && now < held.Expires;
        }

        string consequence = usable ? $"The current ones are used until {_held!.Expires:u}." : "No valid credentials are left.";
        Tell(AcmLogLevel.Warning, $"{failure.Message} {consequence} The next attempt is in {pause.AsPause()} at the earliest.");
        return failure;
    }

    private void Tell(AcmLogLevel level, string message)
    {
        if (_log?.IsEnabled(level) == true) _log.Write(level, message);
    }

    /// <summary>Cached credentials with their refresh time.</summary>
    private sealed record HeldCredential
    {
        public HeldCredential(AcmCredential credential, DateTimeOffset obtained)
        {
            Credential = credential;
            Obtained = obtained;
            Expires = credential.Expires ?? DateTimeOffset.MaxValue;
            RefreshAt = credential.Expires is { } end ? end - Lead(end - obtained) : DateTimeOffset.MaxValue;
        }

        public AcmCredential Credential { get; }

        public DateTimeOffset Obtained { get; }

        public DateTimeOffset Expires { get; }

        /// <summary>Gets when new credentials are requested.</summary>
        public DateTimeOffset RefreshAt { get; }

        /// <summary>Gets whether a server rejected them.</summary>
        public bool IsRefused { get; init; }

        private static TimeSpan Lead(TimeSpan lifetime)
        {
            var fifth = TimeSpan.FromTicks(lifetime.Ticks / 5);
            return fifth < LongestLead ? fifth : LongestLead;
        }
    }
}
