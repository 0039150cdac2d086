using System.IO.Compression;
using System.Text;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>Writes an archive: an entry a configuration, and one that tells more about them, in one of two layouts.</summary>
internal static class Exporter
{
    public const string Metadata = ".metadata.yml";
    public const string OldMetadata = ".meta.yml";

    /// <exception cref="StorageException">A content cannot be read.</exception>
    /// <exception cref="FaultException">It would be too large.</exception>
    public static byte[] Write(ConfigOperations operations, IReadOnlyList<KeySlot> slots, bool oldLayout)
    {
        ConfigOperations.CheckAnswerSize(slots, "export fewer at once");
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            var kept = new List<(ConfigKey Key, ConfigMetadata Metadata)>();
            foreach (KeySlot slot in slots)
            {
                if (slot.Current is not { } entry) continue;

                Add(archive, $"{slot.Key.Group}/{slot.Key.DataId}", operations.Read(entry).Content);
                kept.Add((slot.Key, entry.Metadata));
            }

            if (!oldLayout) Add(archive, Metadata, Encoding.UTF8.GetBytes(NewRows(kept)));
            else if (kept.Any(item => item.Metadata.AppName.Length > 0)) Add(archive, OldMetadata, Encoding.UTF8.GetBytes(OldRows(kept)));
        }

        return stream.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream entry = archive.CreateEntry(name).Open();
        entry.Write(content);
    }

    private static string NewRows(List<(ConfigKey Key, ConfigMetadata Metadata)> items)
    {
        if (items.Count == 0) return "metadata: []\n";

        var text = new StringBuilder("metadata:\n");
        foreach ((ConfigKey key, ConfigMetadata metadata) in items)
        {
            text.Append("- appName: ").Append(Yaml.Quote(metadata.AppName)).Append('\n');
            text.Append("  dataId: ").Append(Yaml.Quote(key.DataId)).Append('\n');
            if (metadata.Description is not null) text.Append("  desc: ").Append(Yaml.Quote(metadata.Description)).Append('\n');
            text.Append("  group: ").Append(Yaml.Quote(key.Group)).Append('\n');
            if (metadata.Type is not null) text.Append("  type: ").Append(Yaml.Quote(metadata.Type)).Append('\n');
        }

        return text.ToString();
    }

    private static string OldRows(List<(ConfigKey Key, ConfigMetadata Metadata)> items) =>
        string.Concat(items.Where(item => item.Metadata.AppName.Length > 0).Select(item => $"{OldName(item.Key)}={item.Metadata.AppName}\r\n"));

    /// <summary>The key under which the old layout tells the application of a configuration.</summary>
    public static string OldName(ConfigKey key)
    {
        int dot = key.DataId.LastIndexOf('.');
        string dataId = dot < 0 ? key.DataId : $"{key.DataId[..dot]}~{key.DataId[(dot + 1)..]}";
        return $"{key.Group}.{dataId}.app";
    }
}
