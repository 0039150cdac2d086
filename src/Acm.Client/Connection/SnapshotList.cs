using System.Globalization;
using Acm.Client.Local;

namespace Acm.Client;

/// <summary>The configurations of a namespace that have a snapshot, in place of a list that no server gave. It may be old and incomplete: nothing may be removed because it is missing here.</summary>
public sealed class SnapshotList
{
    private SnapshotList(IReadOnlyList<ConfigItem> items, string warning)
    {
        Items = items;
        Warning = warning;
    }

    /// <summary>The configurations, sorted by group and data id.</summary>
    public IReadOnlyList<ConfigItem> Items { get; }

    /// <summary>How many they are, when they were written, and why no server answered: one line for the user.</summary>
    public string Warning { get; }

    /// <summary>Lists the snapshots that stand in for a list that failed.</summary>
    /// <param name="client">The namespace.</param>
    /// <param name="error">How the list failed. A server that denies, or whose answer cannot be trusted, is not a server that cannot be reached.</param>
    /// <param name="filter">Which configurations; null for all.</param>
    /// <returns>The list; null where snapshots do not stand in for the error, or where there is none that is wanted.</returns>
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
