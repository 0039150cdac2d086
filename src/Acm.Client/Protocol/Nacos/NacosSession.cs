using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Nacos;

/// <summary>What a connection has found out: the generation of its servers, the token of its login, and what it wrote a moment ago. Each is asked for once for many parallel calls.</summary>
internal sealed class NacosSession : IDisposable
{
    /// <summary>How long what clients are served may be behind a write of our own.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(3);

    /// <summary>A user who lacks a right is refused each time: a new login between two refusals would help nobody. Servers take as long to see new rights.</summary>
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(15);

    /// <summary>Where a new token was refused as well, it is the user who lacks a right, and each denied call would log in again.</summary>
    private static readonly TimeSpan AfterVainRenewal = TimeSpan.FromMinutes(10);

    /// <summary>Many calls at once with a wrong password would lock the user out: what one was told is all the others' answer. Each further refusal doubles the pause.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestAfterRefusal = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BetweenTriesAtStart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan UntilRightsCount = TimeSpan.FromMinutes(1);

    /// <summary>A database that was slow once may have been busy for a moment.</summary>
    private static readonly TimeSpan UntilDatabaseCounts = TimeSpan.FromSeconds(10);

    private const int MostWrites = 10_000;

    private const string UnknownMd5 = "";

    private readonly SemaphoreSlim _finding = new(1);
    private readonly SemaphoreSlim _loggingIn = new(1);
    private readonly ConcurrentDictionary<(string Namespace, ConfigKey Key), (long At, string? Md5)> _writes = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _hidden = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _vainRenewals = new(StringComparer.Ordinal);
    private readonly AcmCredentialSource? _credentials;
    private readonly IRequestAuthenticator? _signer;
    private readonly TimeProvider _clock;
    private NacosServer? _server;
    private NacosToken? _token;
    private DateTimeOffset? _renewed;
    private AcmException? _refusal;
    private DateTimeOffset _refusedAt;
    private TimeSpan _refusalPause = AfterRefusal;
    private DateTimeOffset? _refusedAtStart;

    /// <param name="credentials">User and password; null where nobody logs in.</param>
    /// <param name="signer">Proves requests without a login; null for none. Goes before a login.</param>
    /// <param name="clock">Source of time.</param>
    public NacosSession(AcmCredentialSource? credentials, IRequestAuthenticator? signer, TimeProvider clock)
    {
        _credentials = credentials;
        _signer = signer;
        _clock = clock;
        Restarts = new NacosRestarts(clock);
    }

    /// <summary>What the servers are; null while that is not known.</summary>
    public NacosServer? Known => Volatile.Read(ref _server);

    /// <summary>Whether its servers were restarted.</summary>
    public NacosRestarts Restarts { get; }

    /// <summary>What the servers are; asks the one of this link where that is not known.</summary>
    /// <exception cref="AcmException">It did not answer, or is no Nacos.</exception>
    public async ValueTask<NacosServer> ServerAsync(HttpLink anonymous, CancellationToken cancellationToken) =>
        Known ?? (await FindAsync(async (link, token) => await NacosDetection.FindAsync(link, token).ConfigureAwait(false), anonymous, cancellationToken).ConfigureAwait(false))!;

    /// <summary>What the servers are; null where the one of this link is no Nacos.</summary>
    /// <exception cref="AcmException">It did not answer, or what it is can't be told.</exception>
    public async ValueTask<NacosServer?> TryServerAsync(HttpLink anonymous, CancellationToken cancellationToken) =>
        Known ?? await FindAsync(NacosDetection.TryFindAsync, anonymous, cancellationToken).ConfigureAwait(false);

    /// <summary>Has the next call find out again: this one was answered as another generation would.</summary>
    public void Forget(NacosServer server) => Interlocked.CompareExchange(ref _server, null, server);

    /// <summary>What proves a request; null where nobody logs in.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: the login was refused.</exception>
    public async ValueTask<RequestProof?> ProofAsync(HttpLink anonymous, NacosServer server, CancellationToken cancellationToken)
    {
        if (_signer is not null) return await _signer.GetAsync(cancellationToken).ConfigureAwait(false);
        if (_credentials is null) return null;
        if (Volatile.Read(ref _token) is { } token && _clock.GetUtcNow() < token.RenewAt) return token;

        await _loggingIn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another call may have logged in while this one waited.
            return _token is { } other && _clock.GetUtcNow() < other.RenewAt ? other : await LoginAsync(anonymous, server, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _loggingIn.Release();
        }
    }

    /// <summary>The proof to send instead of the one that an answer refuses; null where another would be refused as well.</summary>
    public ValueTask<RequestProof?> RenewAsync(HttpLink anonymous, NacosServer server, WireResponse answer, CancellationToken cancellationToken) => answer.Proof switch
    {
        _ when answer.Status is not (401 or 403) => default,
        NacosToken refused => RenewAsync(anonymous, server, refused, cancellationToken),
        null => default,
        _ => _signer!.RenewAsync(answer, cancellationToken),
    };

    /// <summary>The proof to send instead of a token that was refused; null where another would be refused as well.</summary>
    public async ValueTask<RequestProof?> RenewAsync(HttpLink anonymous, NacosServer server, NacosToken refused, CancellationToken cancellationToken)
    {
        await _loggingIn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is { } other && !ReferenceEquals(other, refused)) return other;
            if (_renewed is { } last && _clock.GetUtcNow() - last < BetweenRenewals) return null;
            if (_vainRenewals.TryGetValue(anonymous.Server.Text, out DateTimeOffset vain) && _clock.GetUtcNow() - vain < AfterVainRenewal) return null;

            _renewed = _clock.GetUtcNow();
            return await LoginAsync(anonymous, server, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _loggingIn.Release();
        }
    }

    /// <summary>Notes that a server refused a renewed token as well. Each server may have a key of its own, so that it tells nothing of the others.</summary>
    public void NoteVainRenewal(ServerAddress server) => _vainRenewals[server.Text] = _clock.GetUtcNow();

    /// <summary>Notes a write, so that this session reads what it wrote.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="md5">MD5 of what was written; null for a removal.</param>
    public void NoteWrite(string @namespace, ConfigKey key, string? md5)
    {
        if (_writes.Count >= MostWrites) _writes.Clear();
        _writes[(@namespace, key)] = (_clock.GetTimestamp(), md5);
    }

    /// <summary>Notes a write that leaves the formal content as it is.</summary>
    public void NoteWrite(string @namespace, ConfigKey key) => NoteWrite(@namespace, key, UnknownMd5);

    /// <summary>Whether an answer is another value than this session wrote a moment ago.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="md5">MD5 of the answer; null where nothing is there.</param>
    public bool IsBehind(string @namespace, ConfigKey key, string? md5) => MayLag(@namespace, key) && _writes.TryGetValue((@namespace, key), out (long At, string? Md5) write) && write.Md5 != UnknownMd5 && write.Md5 != md5;

    /// <summary>Notes that this user may not see what is stored in a namespace.</summary>
    public void NoteHidden(string @namespace) => _hidden[@namespace] = _clock.GetUtcNow() + UntilRightsCount;

    /// <summary>Notes that a server waits for its database.</summary>
    public void NoteSlow(string @namespace) => _hidden[@namespace] = _clock.GetUtcNow() + UntilDatabaseCounts;

    /// <summary>Whether this user can't see what is stored in a namespace, as far as is known. A right that is given counts after a while.</summary>
    public bool IsHidden(string @namespace) => _hidden.TryGetValue(@namespace, out DateTimeOffset until) && _clock.GetUtcNow() < until;

    /// <summary>Waits for servers to serve what they have stored.</summary>
    public Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) => _clock.PauseAsync(time, cancellationToken);

    /// <summary>Has work end within a limit.</summary>
    /// <exception cref="TimeLimitException">It did not.</exception>
    public Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        _clock.WithinAsync(limit, static (work, token) => work(token), work, cancellationToken);

    /// <summary>Whether what clients are served may be behind a write of our own.</summary>
    public bool MayLag(string @namespace, ConfigKey key)
    {
        if (_writes.IsEmpty || !_writes.TryGetValue((@namespace, key), out (long At, string? Md5) write)) return false;
        if (_clock.GetElapsedTime(write.At) < LongestLag) return true;

        _writes.TryRemove((@namespace, key), out _);
        return false;
    }

    public void Dispose()
    {
        _finding.Dispose();
        _loggingIn.Dispose();
    }

    // One at a time.
    private async Task<NacosServer?> FindAsync(Func<HttpLink, CancellationToken, Task<NacosServer?>> ask, HttpLink anonymous, CancellationToken cancellationToken)
    {
        await _finding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _server ??= await ask(anonymous, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _finding.Release();
        }
    }

    // One at a time.
    private async Task<NacosToken> LoginAsync(HttpLink anonymous, NacosServer server, CancellationToken cancellationToken)
    {
        if (_refusal is { } said && _clock.GetUtcNow() - _refusedAt < _refusalPause) throw new AcmException(said.Kind, said.Message, said) { Advice = said.Advice, IsFinal = said.IsFinal };

        // The keys of a cloud: the secret one would travel as it is, where signing keeps it here.
        if (!_credentials!.IsGiven) throw NoKeys($"access keys, as '{_credentials}' gives them");

        AcmCredential user = await _credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        if (user.SecurityToken is not null) throw NoKeys("temporary keys");

        try
        {
            _token = await NacosLogin.RunAsync(anonymous, server, user, _clock, cancellationToken).ConfigureAwait(false);
            (_refusal, _refusalPause, _refusedAtStart) = (null, AfterRefusal, null);
            return _token;
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.AuthenticationFailed)
        {
            throw Noted(e);
        }
    }

    private static AcmException NoKeys(string keys) =>
        new(AcmErrorKind.CapabilityMissing, $"A Nacos server needs a user and a password, not {keys}.") { Advice = "Connect with a user and a password, or specify access keys for MSE, which sign the requests.", IsFinal = true };

    /// <summary>Notes a refused login, and says whether it is final: servers refuse the right password just after a start, and only there it is worth to try again.</summary>
    private AcmException Noted(AcmException refusal)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (MayHaveStarted(now))
        {
            _refusedAtStart ??= now;
            (_refusal, _refusedAt, _refusalPause) = (new AcmException(refusal.Kind, refusal.Message, refusal) { Advice = refusal.Advice }, now, BetweenTriesAtStart);
            return _refusal;
        }

        _refusalPause = _refusal is null or { IsFinal: false } ? AfterRefusal : _refusalPause + _refusalPause < LongestAfterRefusal ? _refusalPause + _refusalPause : LongestAfterRefusal;
        (_refusal, _refusedAt) = (refusal, now);
        return refusal;
    }

    /// <summary>Whether a server started a moment ago: one refused or reset a connection, or took this password before.</summary>
    private bool MayHaveStarted(DateTimeOffset now)
    {
        if (_refusedAtStart is { } since && now - since < NacosRestarts.Settles) return true;

        bool isOutage = Restarts.WasSeen;
        if (isOutage && _refusedAtStart is not null) _refusedAtStart = null;
        return isOutage || (_token is not null && _refusedAtStart is null);
    }
}
