using System.Globalization;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes the versions of the specified configuration, newest first.</summary>
public sealed class VersionCompleter : Completer
{
    private const int MaxVersions = 50;

    /// <summary>Time to wait for the server. The history is not cached, because the latest change is usually the one to restore.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private protected override bool IsNumber => true;

    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request)
    {
        if (request.Session is not { } session || request.Bound("DataId")?.ToString() is not { Length: > 0 } dataId) return [];
        AcmClient client = request.ClientOf(session);
        ConfigKey key = KeyRequest.KeyOf(dataId, request.Bound("Group")?.ToString());
        using var ending = new CancellationTokenSource(Patience);
        return Task.Run(() => ReadAsync(client, key, ending.Token)).GetAwaiter().GetResult()
            .Select(revision => (revision.Version.ToString(CultureInfo.InvariantCulture), $"{Display.Moment(revision.Time)} {revision.Operation} {revision.User} {revision.Address}".TrimEnd()));
    }

    private static async Task<List<ConfigRevision>> ReadAsync(AcmClient client, ConfigKey key, CancellationToken cancellationToken)
    {
        // -Namespace can be a display name.
        client = await client.FindNamespaceAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var found = new List<ConfigRevision>();
        await foreach (ConfigRevision revision in client.GetHistoryAsync(key, call: null, cancellationToken).ConfigureAwait(false))
        {
            if (revision.GrayName is not null) continue;

            found.Add(revision);
            if (found.Count == MaxVersions) break;
        }

        return found;
    }
}
