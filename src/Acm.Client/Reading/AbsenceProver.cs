using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>
/// Finds out whether configurations that a server denied are really absent: by asking that server in every way that it can be asked, and another one; or, where one server answers, it alone a second
/// time, seconds later. What is known meanwhile is kept, so that a caller who comes again gets further. Thread-safe.
/// </summary>
internal sealed class AbsenceProver : IDisposable
{
    private const int WitnessesNeeded = 2;

    /// <summary>How far apart the two looks at a single server are at least.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private readonly ClaimMemory<(string Namespace, ConfigKey Key)> _denied;
    private readonly ServerPool _pool;
    private readonly Func<IConfigProtocol> _dialect;
    private readonly TimeProvider _clock;
    private readonly CallLog _log;

    /// <param name="pool">The servers.</param>
    /// <param name="dialect">Their dialect, which may be found out only as they are asked.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="log">Where lines go that belong to no call.</param>
    public AbsenceProver(ServerPool pool, Func<IConfigProtocol> dialect, TimeProvider clock, CallLog log)
    {
        _pool = pool;
        _dialect = dialect;
        _clock = clock;
        _log = log;
        _denied = new ClaimMemory<(string Namespace, ConfigKey Key)>(clock, BetweenLooks);
        Ending = _ending.Token;
    }

    /// <summary>Whether the word of one server is no proof.</summary>
    public bool IsNeeded => _dialect() is IAbsenceWitness;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Looks once at configurations that a server denied, and says what is known of each then. Where a single server denies them, a look two seconds later proves it.</summary>
    /// <param name="namespace">The namespace of all the keys.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyDictionary<ConfigKey, AbsenceEvidence>> LookAsync(string @namespace, IReadOnlyCollection<ConfigKey> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ConfigKey, AbsenceEvidence>(keys.Count);
        var left = new HashSet<ConfigKey>(keys);
        var tried = new List<ServerAddress>();
        int witnesses = 0;
        bool isLone = false;
        do
        {
            if (await AskAsync(@namespace, [.. left], tried, cancellationToken).ConfigureAwait(false) is not { } testimony) continue;

            // The first one asked is the one in use: it denied what it has.
            if (++witnesses == 1 && testimony.Existing.Count > 0) _pool.Directory.Servers.PassOver(tried[tried.Count - 1]);
            left.ExceptWith(testimony.Existing);
            foreach (ConfigKey key in testimony.Existing) found[key] = AbsenceEvidence.Contradicted;
            isLone = testimony.IsAlone && _pool.Directory.Servers.Count == 1;
        }
        while (!isLone && left.Count > 0 && witnesses < WitnessesNeeded && tried.Count < _pool.Directory.Servers.Count);

        foreach (ConfigKey key in left) found[key] = isLone ? AbsenceEvidence.LoneServer : Evidence(@namespace, key, witnesses);
        foreach (KeyValuePair<ConfigKey, AbsenceEvidence> pair in found)
        {
            if (pair.Value is AbsenceEvidence.Contradicted || pair.Value.Allows(AbsenceUse.TellRemoval)) Forget(@namespace, pair.Key);
        }

        return found;
    }

    /// <summary>Looks at configurations that a server denied until it is known of each whether it exists.</summary>
    /// <param name="namespace">The namespace of all the keys.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Those that exist.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ServerUnavailable"/>: it cannot be known now.</exception>
    public async Task<IReadOnlyList<ConfigKey>> FindExistingAsync(string @namespace, IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken)
    {
        var existing = new List<ConfigKey>();
        IReadOnlyList<ConfigKey> left = keys;
        for (bool isSecond = false; left.Count > 0; isSecond = true)
        {
            if (isSecond) await _clock.PauseAsync(BetweenLooks, cancellationToken).ConfigureAwait(false);
            IReadOnlyDictionary<ConfigKey, AbsenceEvidence> found = await LookAsync(@namespace, left, cancellationToken).ConfigureAwait(false);
            existing.AddRange(left.Where(key => found[key] == AbsenceEvidence.Contradicted));
            left = [.. left.Where(key => found[key] != AbsenceEvidence.Contradicted && !found[key].Allows(AbsenceUse.RemoveElsewhere))];
            if (left.Count > 0 && isSecond) throw Unknown(left);
        }

        return existing;
    }

    /// <summary>Forgets that a configuration was denied.</summary>
    public void Forget(string @namespace, ConfigKey key) => _denied.Forget((@namespace, key));

    /// <summary>Ends what looks in the background.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    /// <summary>Asks one server more; null where it does not answer, and is no witness.</summary>
    private async Task<AbsenceTestimony?> AskAsync(string @namespace, IReadOnlyList<ConfigKey> keys, List<ServerAddress> tried, CancellationToken cancellationToken)
    {
        int before = tried.Count;
        try
        {
            return await _pool.AskAsideAsync(((IAbsenceWitness)_dialect()).CheckAbsence(@namespace, keys), tried, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            if (_log.IsEnabled(AcmLogLevel.Verbose)) _log.Write(AcmLogLevel.Verbose, $"Whether '{keys[0]}' exists could not be checked: {e.Message}");
            if (tried.Count == before) throw;
            return null;
        }
    }

    private AbsenceEvidence Evidence(string @namespace, ConfigKey key, int witnesses) =>
        witnesses >= WitnessesNeeded ? AbsenceEvidence.TwoServers
        : witnesses == 0 ? AbsenceEvidence.NoAnswer
        : _denied.IsSaidAgain((@namespace, key)) ? AbsenceEvidence.OneServerTwice
        : AbsenceEvidence.OneServer;

    private static AcmException Unknown(IReadOnlyList<ConfigKey> keys) =>
        new(AcmErrorKind.ServerUnavailable, $"Whether '{keys[0]}'{(keys.Count == 1 ? "" : $" and {keys.Count - 1} more")} still exist on the servers could not be confirmed: too few servers answered.")
        {
            Key = keys.Count == 1 ? keys[0] : null,
            Advice = "Try again when more servers of the cluster are up.",
        };
}
