using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The state of a connection: the generation of its servers, the login token, and recent writes. Parallel calls share each detection and login.</summary>
internal sealed class NacosSession : IDisposable
{
    /// <summary>How long the served value may lag behind a write of this session.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(3);

    /// <summary>Minimum time between renewals of the token: a user without permission is rejected each time, and servers take as long to apply new permissions.</summary>
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(15);

    /// <summary>How long a token is not renewed after a new one was rejected too: the user lacks permission, and each denied call would log in again.</summary>
    private static readonly TimeSpan AfterVainRenewal = TimeSpan.FromMinutes(10);

    /// <summary>Delay after a rejected login, so that many calls with a wrong password do not lock the user out; all calls share the result. It doubles with each rejection.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestAfterRefusal = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BetweenTriesAtStart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan UntilRightsCount = TimeSpan.FromMinutes(1);

    /// <summary>How long a slow database is not used again.</summary>
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

    /// <param name="credentials">User name and password; null for none.</param>
    /// <param name="signer">Authenticates requests without a login and takes precedence over it; null for none.</param>
    /// <param name="clock">Source of time.</param>
    public NacosSession(AcmCredentialSource? credentials, IRequestAuthenticator? signer, TimeProvider clock)
    {
        _credentials = credentials;
        _signer = signer;
        _clock = clock;
        Restarts = new NacosRestarts(clock);
    }

    /// <summary>Gets what is known about the servers; null while unknown.</summary>
    public NacosServer? Known => Volatile.Read(ref _server);

    /// <summary>Gets the tracker of server restarts.</summary>
    public NacosRestarts Restarts { get; }

    /// <summary>Returns what is known about the servers, and detects it with the link's server if needed.</summary>
    /// <exception cref="AcmException">The server did not answer, or is not Nacos.</exception>
    public async ValueTask<NacosServer> ServerAsync(HttpLink anonymous, CancellationToken cancellationToken) =>
        Known ?? (await FindAsync(async (link, token) => await NacosDetection.FindAsync(link, token).ConfigureAwait(false), anonymous, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Returns what is known about the servers; null if the link's server is not Nacos.</summary>
    /// <exception cref="AcmException">The server did not answer, or its type cannot be determined.</exception>
    public async ValueTask<NacosServer?> TryServerAsync(HttpLink anonymous, CancellationToken cancellationToken) =>
        Known ?? await FindAsync(NacosDetection.TryFindAsync, anonymous, cancellationToken).ConfigureAwait(false);

    /// <summary>Discards the detected generation after a server answered like another one.</summary>
    public void Forget(NacosServer server) => Interlocked.CompareExchange(ref _server, null, server);

    /// <summary>Returns the credentials of a request; null for anonymous access.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AuthenticationFailed"/>: the login was rejected.</exception>
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

    /// <summary>Returns new credentials if the response rejects those of its request; null if others would be rejected as well.</summary>
    public ValueTask<RequestProof?> RenewAsync(HttpLink anonymous, NacosServer server, WireResponse answer, CancellationToken cancellationToken) => answer.Proof switch
    {
        _ when answer.Status is not (401 or 403) => default,
        NacosToken refused => RenewAsync(anonymous, server, refused, cancellationToken),
        null => default,
        _ => _signer!.RenewAsync(answer, cancellationToken),
    };

    /// <summary>Returns the replacement for a rejected token; null if another would be rejected as well.</summary>
    private async ValueTask<RequestProof?> RenewAsync(HttpLink anonymous, NacosServer server, NacosToken refused, CancellationToken cancellationToken)
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

    /// <summary>Records that a server rejected a new token too. Servers may have different signing keys, so it applies to that server only.</summary>
    public void NoteVainRenewal(ServerAddress server) => _vainRenewals[server.Text] = _clock.GetUtcNow();

    /// <summary>Records a write, so that this session reads what it wrote.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="md5">MD5 of the written value; null for a removal.</param>
    public void NoteWrite(string @namespace, ConfigKey key, string? md5)
    {
        if (_writes.Count >= MostWrites) _writes.Clear();
        _writes[(@namespace, key)] = (_clock.GetTimestamp(), md5);
    }

    /// <summary>Records a write that does not change the formal content.</summary>
    public void NoteWrite(string @namespace, ConfigKey key) => NoteWrite(@namespace, key, UnknownMd5);

    /// <summary>Returns whether a value lags behind a recent write of this session.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="md5">MD5 of the value; null if there is none.</param>
    public bool IsBehind(string @namespace, ConfigKey key, string? md5) => MayLag(@namespace, key) && _writes.TryGetValue((@namespace, key), out (long At, string? Md5) write) && write.Md5 != UnknownMd5 && write.Md5 != md5;

    /// <summary>Records that the user lacks permission to read stored values of a namespace.</summary>
    public void NoteHidden(string @namespace) => _hidden[@namespace] = _clock.GetUtcNow() + UntilRightsCount;

    /// <summary>Records that the database of a server is slow.</summary>
    public void NoteSlow(string @namespace) => _hidden[@namespace] = _clock.GetUtcNow() + UntilDatabaseCounts;

    /// <summary>Returns whether stored values of a namespace are inaccessible. Forgotten after a while, because permissions may be granted.</summary>
    public bool IsHidden(string @namespace) => _hidden.TryGetValue(@namespace, out DateTimeOffset until) && _clock.GetUtcNow() < until;

    /// <summary>Waits for a server to serve what it has stored.</summary>
    public Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) => _clock.PauseAsync(time, cancellationToken);

    /// <summary>Runs work with a time-out.</summary>
    /// <exception cref="TimeLimitException">The work timed out.</exception>
    public Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        _clock.WithinAsync(limit, static (work, token) => work(token), work, cancellationToken);

    /// <summary>Returns whether the served value may lag behind a write of this session.</summary>
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

    // Under the semaphore: one detection at a time.
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

    // Under the semaphore: one login at a time.
    private async Task<NacosToken> LoginAsync(HttpLink anonymous, NacosServer server, CancellationToken cancellationToken)
    {
        if (_refusal is { } said && _clock.GetUtcNow() - _refusedAt < _refusalPause) throw new AcmException(said.Kind, said.Message, said) { Advice = said.Advice, IsFinal = said.IsFinal };

        // Cloud access keys are not used for a login: it would send the secret key, which signing never does.
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
        new(AcmErrorKind.CapabilityMissing, $"A Nacos server needs a user name and a password, not {keys}.") { Advice = "Connect with a user name and a password, or specify access keys for MSE, which sign the requests.", IsFinal = true };

    /// <summary>Records a rejected login and decides whether it is final: servers reject valid passwords only just after a start.</summary>
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

    /// <summary>Returns whether a server may have just started: a connection was refused or reset, or the password was accepted before.</summary>
    private bool MayHaveStarted(DateTimeOffset now)
    {
        if (_refusedAtStart is { } since && now - since < NacosRestarts.Settles) return true;

        bool isOutage = Restarts.WasSeen;
        if (isOutage && _refusedAtStart is not null) _refusedAtStart = null;
        return isOutage || (_token is not null && _refusedAtStart is null);
    }
}
