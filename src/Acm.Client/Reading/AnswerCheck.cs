using Acm.Client.Protocol;

namespace Acm.Client.Reading;

/// <summary>Verifies results that would take a value away from watchers: a removal, or an older value. An unconfirmed result becomes an error and is read again.</summary>
internal sealed class AnswerCheck(AbsenceProver absence, AgeProver age)
{
    /// <param name="namespace">The namespace of the results.</param>
    /// <param name="results">The results; unconfirmed ones are replaced with an error.</param>
    /// <param name="held">The previously known value of each; null where none is known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task ConfirmAsync(string @namespace, ConfigResult[] results, IReadOnlyList<HeldAnswer?> held, CancellationToken cancellationToken)
    {
        if (!absence.IsNeeded) return;

        var denied = new List<int>();
        var older = new List<int>();
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].Error is { Kind: AcmErrorKind.ConfigNotFound, IsFinal: false }) denied.Add(i);
            else if (results[i].Config is { Source: ConfigSource.Server } config)
            {
                absence.Forget(@namespace, config.Key);
                if (held[i]?.IsNewerThan(config) == true) older.Add(i);
            }
        }

        if (denied.Count > 0) await ConfirmAbsenceAsync(@namespace, results, held, denied, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(older.Select(i => ConfirmAgeAsync(@namespace, results, i, cancellationToken))).ConfigureAwait(false);
    }

    private async Task ConfirmAbsenceAsync(string @namespace, ConfigResult[] results, IReadOnlyList<HeldAnswer?> held, List<int> denied, CancellationToken cancellationToken)
    {
        // A key that did not exist before needs no proof.
        ConfigKey[] keys = [.. denied.Where(i => held[i] is not { Md5: null }).Select(i => results[i].Key)];
        IReadOnlyDictionary<ConfigKey, AbsenceEvidence> found = keys.Length == 0
            ? new Dictionary<ConfigKey, AbsenceEvidence>()
            : await absence.LookAsync(@namespace, keys, cancellationToken).ConfigureAwait(false);
        foreach (int i in denied)
        {
            ConfigKey key = results[i].Key;
            bool isTold = !found.TryGetValue(key, out AbsenceEvidence evidence) || evidence.Allows(AbsenceUse.TellRemoval);
            results[i] = new ConfigResult(key, isTold ? ConfigErrors.NotFound(@namespace, key, AbsenceEvidence.TwoServers) : Unconfirmed(key, evidence));
        }
    }

    private async Task ConfirmAgeAsync(string @namespace, ConfigResult[] results, int place, CancellationToken cancellationToken)
    {
        AcmConfig config = results[place].Config!;
        if (await age.IsCurrentAsync(@namespace, config.Key, config.Md5, config.Server, cancellationToken).ConfigureAwait(false)) return;

        results[place] = new ConfigResult(config.Key, new AcmException(AcmErrorKind.ServerUnavailable, $"{config.Server} has an older value of '{config.Key}' than another server had. It may be disconnected from the other servers, or behind them.") { Key = config.Key });
    }

    private static AcmException Unconfirmed(ConfigKey key, AbsenceEvidence evidence) => evidence switch
    {
        AbsenceEvidence.Contradicted => new AcmException(AcmErrorKind.ServerUnavailable, $"A server answered that '{key}' does not exist, although other servers have it. It may have been restarted, or be disconnected from them.") { Key = key },
        AbsenceEvidence.NoAnswer => new AcmException(AcmErrorKind.ServerUnavailable, $"A server answered that '{key}' does not exist, which no other server confirms.") { Key = key },
        _ => new AcmException(AcmErrorKind.ConfigNotFound, $"A server answered that '{key}' does not exist. It is asked again before the removal is reported.") { Key = key },
    };
}
