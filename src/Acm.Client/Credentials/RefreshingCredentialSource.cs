using Acm.Client.Text;

namespace Acm.Client.Credentials;

/// <summary>
/// Keeps the credential of a provider and asks for the next one before it ends: in the background of the calls that use it, one refresh at a time. The old
/// one is used until it really ends. A provider that fails is left alone for a growing pause. At rest nothing is asked for.
/// </summary>
internal sealed class RefreshingCredentialSource : AcmCredentialSource
{
    /// <summary>A refresh begins so long before the end, or a fifth of the lifetime, whichever is less.</summary>
    public static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(15);

    /// <summary>The longest pause after the first failure; each further one doubles it.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How often new credentials are asked for because a server refused ones that had not ended: a right that is missing is refused again and again.</summary>
    public static readonly TimeSpan RefusalRest = TimeSpan.FromSeconds(30);

    /// <summary>A service that hands out the same credential until shortly before its end is not asked more often.</summary>
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

    /// <param name="provider">Who is asked.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    /// <param name="log">Where refreshes are told; null for nowhere.</param>
    /// <param name="owned">What ends with this source.</param>
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
        // The source of the token is not disposed: a refresh that ends at this moment still asks it, and it holds nothing.
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

        // Refused or about to end, it is still better than nothing; what went wrong was told to the log.
        if (_held is { } held && _clock.GetUtcNow() < held.Expires) return held.Credential;
        throw new AcmException(AcmErrorKind.AuthenticationFailed, failure!.Message, failure) { Advice = failure.Advice, IsFinal = true };
    }

    /// <summary>The refresh that is under way, or a new one; null with the failure while the provider is left alone.</summary>
    private Task<AcmCredential>? JoinOrStart(DateTimeOffset now, out AcmException? failure)
    {
        TaskCompletionSource<AcmCredential> done;
        lock (_gate)
        {
            failure = null;
            if (_running is not null) return _running;

            // It may have been renewed between the look without the lock and this one.
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

    /// <summary>Never fails itself: the outcome is the task's that callers wait for.</summary>
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

            // In the background nobody waits for it; the log has it.
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
            // The same again is the same object, by which a caller sees that nothing was renewed.
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
            : CredentialErrors.None($"{Name} yields no credentials. {error.Message}", (error as AcmException)?.Advice, error);
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
        Tell(AcmLogLevel.Warning, $"{failure.Message} {consequence} It is asked again in {pause.AsPause()} at the soonest.");
        return failure;
    }

    private void Tell(AcmLogLevel level, string message)
    {
        if (_log?.IsEnabled(level) == true) _log.Write(level, message);
    }
}
