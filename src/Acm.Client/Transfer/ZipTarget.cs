using System.Globalization;
using System.IO.Compression;
using Acm.Client.Local;
using Acm.Client.Protocol.Nacos;

namespace Acm.Client.Transfer;

/// <summary>
/// Exports to a zip, which is replaced atomically. Exports are reproducible: entries are sorted and have a fixed time.
/// </summary>
internal sealed class ZipTarget : IExportTarget
{
    private const string TemporaryEnd = ".acm-export";

    // The earliest time that a zip can contain.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly bool _decrypts;
    private readonly ZipLayout _layout;
    private readonly TransferRecord _record = new();
    private readonly List<(ConfigKey Key, ConfigMetadata Metadata)> _items = [];
    private readonly List<ExportOutcome> _outcomes = [];
    private readonly NewFolders _folders = new();
    private string? _temporary;
    private FileStream? _stream;
    private ZipArchive? _zip;
    private bool _holdsSecrets;

    public ZipTarget(string path, bool decrypts, ZipLayout layout)
    {
        _layout = layout;
        Path = path;
        _decrypts = decrypts;
    }

    public string Path { get; }

    public string? Problem => null;

    public string? Loss
    {
        get
        {
            bool isOld = _layout == ZipLayout.NacosV1;
            ConfigKey[] lossy = [.. _items.Where(item => Lost(item.Metadata).Any() || (isOld && !string.IsNullOrEmpty(item.Metadata.Type + item.Metadata.Description))).Select(item => item.Key)];
            if (lossy.Length == 0) return null;

            string lost = string.Join(", ", _items.SelectMany(item => Lost(item.Metadata)).Distinct());
            string layout = isOld ? "The older layout of the Nacos console has no types, descriptions and tags" : $"The layout of the Nacos console has no {lost}";
            return $"{layout}: those of {(lossy.Length == 1 ? $"'{lossy[0]}'" : $"{lossy.Length} configurations, as of '{lossy[0]}',")} are not in the zip.";
        }
    }

    // A new zip contains only what is exported.
    public IReadOnlyList<string> FindObsolete(Func<ConfigKey, bool> isObsolete) => [];

    public void Open(bool mayHoldSecrets)
    {
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        _folders.Create(folder, isSecret: false);
        RemoveDead(folder);

        // The temporary file is kept open: one that can be opened belongs to a killed export.
        _temporary = System.IO.Path.Combine(folder, TemporaryStart + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture).Substring(0, 12) + TemporaryEnd);
        _stream = FileRights.Create(_temporary, mayHoldSecrets);
        _zip = new ZipArchive(_stream, ZipArchiveMode.Create, leaveOpen: true);
    }

    public void Add(AcmConfig config, string path)
    {
        ExportFile file = ExportFile.Of(config, path, _decrypts);
        if (_layout != ZipLayout.Acm)
        {
            path = ConsoleZip.PathOf(config.Key);
            NoteItem(config.Key, file.Entry?.Metadata ?? ConfigMetadata.None);
        }
        else if (file.Entry is not null)
        {
            _record.Files[path] = file.Entry;
        }

        _holdsSecrets |= file.IsSecret;
        AddEntry(path, file.Bytes, file.IsSecret);
        _outcomes.Add(ExportOutcome.Done(file.Key, ExportState.Exported, path, file.Bytes.Length));
    }

    public IReadOnlyList<ExportOutcome> Commit(bool deletes)
    {
        if (_layout == ZipLayout.Nacos) AddEntry(ConsoleZip.Metadata, ConsoleZip.Write(_items), isSecret: false);
        else if (_layout == ZipLayout.NacosV1 && ConsoleZip.WriteOld(_items) is { Length: > 0 } names) AddEntry(ConsoleZip.OldMetadata, names, isSecret: false);
        else if (_record.Files.Count > 0) AddEntry(TransferRecord.ZipEntryName, _record.ToBytes(), isSecret: false);
        _zip!.Dispose();
        _zip = null;
        _stream!.Flush(flushToDisk: true);
        _stream.Dispose();
        _stream = null;
        if (!_holdsSecrets) FileRights.Keep(Path, _temporary!);
        AtomicFile.Replace(_temporary!, Path);
        _temporary = null;
        return _outcomes;
    }

    public void Dispose()
    {
        try
        {
            _zip?.Dispose();
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // Disposing completes the zip, which may fail on a full disk; it is deleted anyway.
        }

        _stream?.Dispose();
        if (_temporary is null) return;

        File.Delete(_temporary);
        _folders.RemoveEmpty();
    }

    private void NoteItem(ConfigKey key, ConfigMetadata metadata)
    {
        if (metadata.EncryptedDataKey is not null)
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{key}' is encrypted with a data key, which the layout of the Nacos console cannot hold.") { Key = key, Advice = "Export it decrypted, or to a zip of another layout." };

        _items.Add((key, metadata.Type is null && _layout == ZipLayout.Nacos ? metadata with { Type = NacosType.Of(key.DataId) } : metadata));
    }

    /// <summary>Returns the metadata that the layout cannot store.</summary>
    private static IEnumerable<string> Lost(ConfigMetadata metadata)
    {
        if (!string.IsNullOrEmpty(metadata.Tags)) yield return "tags";
        if (!string.IsNullOrEmpty(metadata.Use)) yield return "use";
        if (!string.IsNullOrEmpty(metadata.Rest)) yield return "effect";
        if (!string.IsNullOrEmpty(metadata.Schema)) yield return "schema";
    }

    private string TemporaryStart => "." + System.IO.Path.GetFileName(Path) + ".";

    private void AddEntry(string path, byte[] bytes, bool isSecret)
    {
        ZipArchiveEntry entry = _zip!.CreateEntry(path, CompressionLevel.Optimal);
        entry.LastWriteTime = EntryTime;
#if NET
        // The Unix file mode for unzip: a regular file with these permissions.
        entry.ExternalAttributes = Convert.ToInt32(isSecret ? "100600" : "100644", 8) << 16;
#endif
        using Stream stream = entry.Open();
        stream.Write(bytes, 0, bytes.Length);
    }

    private void RemoveDead(string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "*" + TemporaryEnd))
        {
            if (!System.IO.Path.GetFileName(file).StartsWith(TemporaryStart, StringComparison.Ordinal)) continue;

            try
            {
                using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1))
                {
                    // The file is not in use.
                }

                File.Delete(file);
            }
            catch (Exception e) when (LocalFile.IsRefusal(e))
            {
                // Another export to this zip is running: the last one wins, and each is complete.
            }
        }
    }
}
