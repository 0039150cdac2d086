using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>Writes an archive with an entry for each configuration and one for the metadata, in one of two layouts.</summary>
internal static class Exporter
{
    public const string Metadata = ".metadata.yml";
    public const string OldMetadata = ".meta.yml";

    /// <summary>Writes an archive. Contents are read one at a time, after the client has received the previous one, so that memory use does not depend on the size of the archive.</summary>
    /// <exception cref="StorageException">A content cannot be read.</exception>
    public static async Task WriteAsync(PipeWriter output, ConfigOperations operations, IReadOnlyList<KeySlot> slots, bool oldLayout, CancellationToken cancellationToken)
    {
        Stream stream = output.AsStream(leaveOpen: true);
        await using (stream.ConfigureAwait(false))
        {
            ZipArchive archive = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken).ConfigureAwait(false);
            await using (archive.ConfigureAwait(false))
            {
                var kept = new List<(ConfigKey Key, ConfigMetadata Metadata)>();
                foreach (KeySlot slot in slots)
                {
                    if (slot.Current is not { } entry) continue;

                    await AddAsync(archive, $"{slot.Key.Group}/{slot.Key.DataId}", operations.Read(entry).Content, cancellationToken).ConfigureAwait(false);
                    kept.Add((slot.Key, entry.Metadata));
                }

                if (!oldLayout) await AddAsync(archive, Metadata, Encoding.UTF8.GetBytes(NewRows(kept)), cancellationToken).ConfigureAwait(false);
                else if (kept.Any(item => item.Metadata.AppName.Length > 0)) await AddAsync(archive, OldMetadata, Encoding.UTF8.GetBytes(OldRows(kept)), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task AddAsync(ZipArchive archive, string name, byte[] content, CancellationToken cancellationToken)
    {
        Stream entry = await archive.CreateEntry(name).OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (entry.ConfigureAwait(false)) await entry.WriteAsync(content, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Returns the key of a configuration's application name in the old layout.</summary>
    public static string OldName(ConfigKey key)
    {
        int dot = key.DataId.LastIndexOf('.');
        string dataId = dot < 0 ? key.DataId : $"{key.DataId[..dot]}~{key.DataId[(dot + 1)..]}";
        return $"{key.Group}.{dataId}.app";
    }
}
