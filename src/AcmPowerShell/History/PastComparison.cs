using Acm.Client;
using Acm.Client.Transfer.Diffing;

namespace AcmPowerShell;

/// <summary>Compares an earlier state of configurations with the current one.</summary>
/// <param name="client">The client for the namespace.</param>
/// <param name="call">The options of the calls.</param>
/// <param name="past">The earlier state.</param>
/// <param name="redact">Redacts secrets in the compared texts.</param>
internal sealed class PastComparison(AcmClient client, AcmCallOptions call, RevisionQuery past, Func<ConfigKey, string, string> redact)
{
    /// <summary>Compares a configuration.</summary>
    /// <exception cref="AcmException">The history does not contain the state, or a read failed.</exception>
    internal async Task<AcmConfigDifference> CompareAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        AcmConfig old = await client.GetRevisionAsync(key, past, call, cancellationToken).ConfigureAwait(false);
        AcmConfig? current = await CurrentAsync(key, cancellationToken).ConfigureAwait(false);
        (string diff, string redacted) = UnifiedDiff.Of(current?.Content, old.Content, key.ToString(), key.ToString(), text => redact(key, text));
        IReadOnlyList<string> metadata = current?.MetadataChangesTo(old) ?? [];
        AcmDifferenceState state = current is null ? AcmDifferenceState.Added : current.Content == old.Content && metadata.Count == 0 ? AcmDifferenceState.Unchanged : AcmDifferenceState.Changed;
        diff = string.Concat(metadata.Select(change => $"# {change}\n")) + diff;
        redacted = string.Concat(metadata.Select(change => $"# {change[..change.IndexOf(':')]}: ***\n")) + redacted;
        string now = client.Namespace.Length == 0 ? NamespaceName.Default : client.Namespace;
        return new AcmConfigDifference(key.DataId, key.Group, state, diff, redacted, $"{now} {past}", now, isEncrypted: old.IsDecrypted || current?.IsDecrypted == true);
    }

    private async Task<AcmConfig?> CurrentAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAsync(key, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            // The configuration was removed.
            return null;
        }
    }
}
