using System.Globalization;
using Acm.Client.Local;

namespace Acm.Client;

/// <summary>The configurations of a namespace that have a snapshot, as a replacement for a list while no server is reachable. It may be stale and incomplete: do not remove something because it is missing here.</summary>
public sealed class SnapshotList
{
    private SnapshotList(IReadOnlyList<ConfigItem> items, string warning)
    {
        Items = items;
        Warning = warning;
    }

    /// <summary>Gets the configurations, sorted by group and data ID.</summary>
    public IReadOnlyList<ConfigItem> Items { get; }

    /// <summary>Gets the warning for the user on one line: how many there are, when they were written, and why no server answered.</summary>
    public string Warning { get; }

    /// <summary>Lists the snapshots that replace a list that failed.</summary>
    /// <param name="client">The client of the namespace.</param>
    /// <param name="error">The failure of the list. Denied access and invalid responses are not replaced.</param>
    /// <param name="filter">Selects configurations; null for all.</param>
    /// <returns>The list; null if snapshots must not replace this failure, or none matches.</returns>
    public static SnapshotList? InPlaceOf(AcmClient client, AcmException error, Func<ConfigKey, bool>? filter = null)
    {
        if (client is null) throw new ArgumentNullException(nameof(client));
        if (error is null) throw new ArgumentNullException(nameof(error));

        var items = new List<ConfigItem>();
        DateTimeOffset oldest = DateTimeOffset.MaxValue;
        DateTimeOffset newest = DateTimeOffset.MinValue;
        foreach (SnapshotInfo snapshot in client.SnapshotsInPlaceOf(error))
        {
            if (filter?.Invoke(snapshot.Key) == false) continue;

            items.Add(new ConfigItem { DataId = snapshot.DataId, Group = snapshot.Group, Namespace = snapshot.Namespace, Source = ConfigSource.Snapshot });
            if (snapshot.Written < oldest) oldest = snapshot.Written;
            if (snapshot.Written > newest) newest = snapshot.Written;
        }

        if (items.Count == 0) return null;

        string count = items.Count == 1 ? "1 configuration" : $"{items.Count.ToString("N0", CultureInfo.InvariantCulture)} configurations";
        string written = oldest == newest ? $"{oldest:u}" : $"between {oldest:u} and {newest:u}";
        return new SnapshotList(items, $"No server is reachable; the results come from snapshots: {count}, written {written}. They may be stale, and configurations without a snapshot are missing. {error.Message}");
    }
}
