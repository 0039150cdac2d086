using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>
/// Verifies that configurations really are absent after a server answered "not found". It asks that server in every available way and then a second server; with a single server in the list, it asks
/// that one again two seconds later. Results are kept between calls, so a repeated call can reach a conclusion. Thread-safe.
/// </summary>
internal sealed class AbsenceProver : IDisposable
{
    private const int WitnessesNeeded = 2;

    /// <summary>Minimum time between the two checks of a single server.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Minimum time between two checks where several servers are listed, only one answers, and its database cannot be read: a node that has just started or is partitioned can answer "not found" for
    /// minutes.
    /// </summary>
    private static readonly TimeSpan BetweenBlindLooks = TimeSpan.FromMinutes(5);

    /// <summary>Timers can fire some milliseconds early.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(50);

    /// <summary>Keys checked in one request round: each may take two reads, and all must fit into the time-out of one try.</summary>
    private const int MostAtOnce = 64;

    private readonly CancellationTokenSource _ending = new();
    private readonly ClaimMemory<(string Namespace, ConfigKey Key)> _denied;
    private readonly ClaimMemory<(string Namespace, ConfigKey Key)> _deniedBlindly;
    private readonly ServerPool _pool;
    private readonly Func<IConfigProtocol> _dialect;
    private readonly TimeProvider _clock;
    private readonly CallLog _log;

    /// <param name="pool">The servers.</param>
    /// <param name="dialect">Gets the dialect, which may be detected only by the first request.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="log">Log for background work.</param>
    public AbsenceProver(ServerPool pool, Func<IConfigProtocol> dialect, TimeProvider clock, CallLog log)
    {
        _pool = pool;
        _dialect = dialect;
        _clock = clock;
        _log = log;
        _denied = new ClaimMemory<(string Namespace, ConfigKey Key)>(clock, BetweenLooks);
        _deniedBlindly = new ClaimMemory<(string Namespace, ConfigKey Key)>(clock, BetweenBlindLooks);
        Ending = _ending.Token;
    }

    /// <summary>Gets whether "not found" from one server is not sufficient proof in this dialect.</summary>
    public bool IsNeeded => _dialect() is IAbsenceWitness;

    /// <summary>Gets a token that is cancelled when the connection closes.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Checks configurations once and returns the evidence for each. With a single server, a second check two seconds later completes the proof.</summary>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="keys">The keys that a server did not find.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<IReadOnlyDictionary<ConfigKey, AbsenceEvidence>> LookAsync(string @namespace, IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken) =>
        LookAsync(@namespace, keys, new UnansweredTime(_pool.LimitsOf(options: null)), cancellationToken);

    private async Task<IReadOnlyDictionary<ConfigKey, AbsenceEvidence>> LookAsync(string @namespace, IReadOnlyList<ConfigKey> keys, UnansweredTime time, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ConfigKey, AbsenceEvidence>(keys.Count);
        for (int next = 0; next < keys.Count; next += MostAtOnce)
        {
            await LookAtSomeAsync(@namespace, [.. keys.Skip(next).Take(MostAtOnce)], found, time, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    private async Task LookAtSomeAsync(string @namespace, HashSet<ConfigKey> left, Dictionary<ConfigKey, AbsenceEvidence> found, UnansweredTime time, CancellationToken cancellationToken)
    {
        ConfigKey[] keys = [.. left];
        var tried = new List<ServerAddress>();
        int witnesses = 0;
        bool isLone = false;
        bool isBlind = false;
        do
        {
            if (time.IsOver) break;
            if (await AskAsync(@namespace, [.. left], tried, time, cancellationToken).ConfigureAwait(false) is not { } testimony) continue;

            // The first server asked is the one in use: it answered "not found" for a key that it stores.
            if (++witnesses == 1 && testimony.Existing.Count > 0) _pool.Directory.Servers.PassOver(tried[tried.Count - 1]);
            left.ExceptWith(testimony.Existing);
            foreach (ConfigKey key in testimony.Existing) found[key] = AbsenceEvidence.Contradicted;
            isBlind = !testimony.SawStored && _pool.Directory.Servers.Count > 1;
            isLone = testimony.IsAlone && _pool.Directory.Servers.Count == 1;
        }
        while (!isLone && left.Count > 0 && witnesses < WitnessesNeeded && tried.Count < _pool.Directory.Servers.Count);

        foreach (ConfigKey key in left) found[key] = isLone ? AbsenceEvidence.LoneServer : Evidence(@namespace, key, witnesses, isBlind);
        foreach (ConfigKey key in keys)
        {
            if (found[key] is AbsenceEvidence.Contradicted || found[key].Allows(AbsenceUse.TellRemoval)) Forget(@namespace, key);
        }
    }

    /// <summary>Checks configurations that a server did not find until each is known to exist or to be absent.</summary>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="keys">The keys that a server did not find.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The keys that exist.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ServerUnavailable"/>: too few servers answered.</exception>
    public async Task<IReadOnlyList<ConfigKey>> FindExistingAsync(string @namespace, IReadOnlyList<ConfigKey> keys, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        var time = new UnansweredTime(_pool.LimitsOf(call));
        var existing = new List<ConfigKey>();
        IReadOnlyList<ConfigKey> left = keys;
        for (bool isSecond = false; left.Count > 0; isSecond = true)
        {
            if (isSecond) await _clock.PauseAsync(BetweenLooks + TimerSlack, cancellationToken).ConfigureAwait(false);
            IReadOnlyDictionary<ConfigKey, AbsenceEvidence> found = await LookAsync(@namespace, left, time, cancellationToken).ConfigureAwait(false);
            existing.AddRange(left.Where(key => found[key] == AbsenceEvidence.Contradicted));
            left = [.. left.Where(key => found[key] != AbsenceEvidence.Contradicted && !found[key].Allows(AbsenceUse.RemoveElsewhere))];
            if (left.Count > 0 && isSecond) throw Unknown(left);
        }

        return existing;
    }

    /// <summary>Discards earlier "not found" answers for a configuration.</summary>
    public void Forget(string @namespace, ConfigKey key)
    {
        _denied.Forget((@namespace, key));
        _deniedBlindly.Forget((@namespace, key));
    }

    /// <summary>Cancels background checks.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    /// <summary>Asks one more server; returns null if it does not answer.</summary>
    private async Task<AbsenceTestimony?> AskAsync(string @namespace, IReadOnlyList<ConfigKey> keys, List<ServerAddress> tried, UnansweredTime time, CancellationToken cancellationToken)
    {
        int before = tried.Count;
        long started = _clock.GetTimestamp();
        try
        {
            AbsenceTestimony testimony = await _pool.AskAsideAsync(((IAbsenceWitness)_dialect()).CheckAbsence(@namespace, keys), tried, time.Try, time.Left, cancellationToken).ConfigureAwait(false);
            time.NoteAnswer();
            return testimony;
        }
        catch (TimeLimitException e)
        {
            time.NoteSpent(time.Left);
            if (_log.IsEnabled(AcmLogLevel.Verbose)) _log.Write(AcmLogLevel.Verbose, $"Whether '{keys[0]}' exists could not be checked in time: {e.Message}");
            return null;
        }
        catch (AcmException e)
        {
            time.NoteSpent(_clock.GetElapsedTime(started));
            if (_log.IsEnabled(AcmLogLevel.Verbose)) _log.Write(AcmLogLevel.Verbose, $"The existence of '{keys[0]}' could not be verified: {e.Message}");
            if (tried.Count == before) throw;
            return null;
        }
    }

    private AbsenceEvidence Evidence(string @namespace, ConfigKey key, int witnesses, bool isBlind) =>
        witnesses >= WitnessesNeeded ? AbsenceEvidence.TwoServers
        : witnesses == 0 ? AbsenceEvidence.NoAnswer
        : (isBlind ? _deniedBlindly : _denied).IsSaidAgain((@namespace, key)) ? AbsenceEvidence.OneServerTwice
        : AbsenceEvidence.OneServer;

    private static AcmException Unknown(IReadOnlyList<ConfigKey> keys) =>
        new(AcmErrorKind.ServerUnavailable, $"Whether '{keys[0]}'{(keys.Count == 1 ? "" : $" and {keys.Count - 1} more")} still exist on the servers could not be confirmed: too few servers answered.")
        {
            Key = keys.Count == 1 ? keys[0] : null,
            Advice = "Try again when more servers of the cluster are running.",
        };
}
