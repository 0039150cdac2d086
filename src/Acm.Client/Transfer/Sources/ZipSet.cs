using System.Globalization;
using System.IO.Compression;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>
/// The entries of a zip. Nothing is extracted to disk, so names cannot escape a folder; nevertheless suspicious names and sizes are rejected, because
/// the zip may be malicious.
/// </summary>
internal sealed class ZipSet : FileSet
{
    private const int FileTypeMask = 0xF000;
    private const int SymbolicLink = 0xA000;

    /// <summary>The metadata entries of the Nacos console, in the newer and the older layout.</summary>
    private static readonly string[] NacosMetadata = [ConsoleZip.Metadata, ConsoleZip.OldMetadata];

    private readonly string _path;
    private readonly object _gate = new();
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Entries of the Nacos console whose names are used literally, because it does not escape or hide anything.</summary>
    private readonly Dictionary<string, ConfigKey> _literal = new(StringComparer.Ordinal);
    private ZipArchive? _archive;
    private long _packed;

    public ZipSet(string path, string name, ReadLimits limits)
        : base(name, limits) => _path = path;

    public override bool IsNacosExport => NacosMetadata.Any(_entries.ContainsKey);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate) _archive?.Dispose();
        }

        base.Dispose(disposing);
    }

    private protected override IEnumerable<FoundFile> Files(ProblemList problems)
    {
        Opened();
        var hidden = new List<string>();
        if (FolderAroundAll() is { } around)
        {
            problems.Add(new AcmException(AcmErrorKind.InvalidKey, $"The groups in '{Name}' are nested too deep, because everything is inside the folder '{ForeignText.Clean(around)}'.")
            {
                Advice = "Zip the contents of the folder, not the folder itself.",
            });
            yield break;
        }

        bool isBomb = false;
        foreach (ZipArchiveEntry entry in _archive!.Entries)
        {
            string name = NameOf(entry);
            isBomb |= IsBomb(entry);
            if (name.EndsWith("/", StringComparison.Ordinal))
            {
                // Entries of folders are ignored, unless their path is not valid.
                if (TransferLayout.Read(name.TrimEnd('/'), null).Kind == TransferPathKind.Invalid && !LooksEscaped(name)) yield return new FoundFile(name, 0);
                continue;
            }

            if (ReadPath(name, null).Kind == TransferPathKind.Hidden)
            {
                if (name is not (TransferRecord.FileName or TransferRecord.ZipEntryName) && !NacosMetadata.Contains(name)) hidden.Add(name);
                continue;
            }

            if (IsDrive(name)) problems.Add(Problem(AcmErrorKind.InvalidKey, name, "begins with a drive letter.", "Nothing was read from it. Check where it came from, or export again."));
            else if (IsLink(entry)) problems.Add(Problem(AcmErrorKind.InvalidContent, name, "is a symbolic link, not a file.", "Add the file that it points to."));
            else if (IsEncrypted(entry)) problems.Add(Problem(AcmErrorKind.InvalidContent, name, "is protected with a password.", "Unpack the zip and import the folder."));
            else if (IsBomb(entry)) problems.Add(Bomb(entry));
            else yield return new FoundFile(name, entry.Length);
        }

        if (!isBomb && BombOfAll() is { } bomb) problems.Add(bomb);
        hidden.ForEach(NoteHidden);
        PassedOver = hidden;
    }

    private protected override TransferPath ReadPath(string path, TransferRecord? record) =>
        _literal.TryGetValue(path, out ConfigKey? key) ? TransferPath.Config(key) : base.ReadPath(path, record);

    /// <summary>Reads the metadata of the console. The configurations are usable even if it cannot be read.</summary>
    private protected override TransferRecord? ReadConsoleRecord(CancellationToken cancellationToken)
    {
        bool isOld = !_entries.ContainsKey(ConsoleZip.Metadata);
        if (ReadBytes(isOld ? ConsoleZip.OldMetadata : ConsoleZip.Metadata) is not { } bytes) return null;

        try
        {
            TransferRecord record = isOld ? ReadOldRecord(bytes) : ReadNewRecord(bytes, cancellationToken);
            ConsoleNote = isOld ? "Its layout has application names; types, descriptions and tags are not in it." : "Types, descriptions and application names are read; tags are not in it." + Gaps(record);
            return record;
        }
        catch (FormatException e)
        {
            ConsoleNote = $"Its file of types and descriptions, '{(isOld ? ConsoleZip.OldMetadata : ConsoleZip.Metadata)}', cannot be read ({e.Message}), so types and descriptions are not imported.";
            return null;
        }
    }

    private TransferRecord ReadNewRecord(byte[] bytes, CancellationToken cancellationToken)
    {
        TransferRecord record = ConsoleZip.Read(bytes, cancellationToken);
        foreach (string name in _entries.Keys)
        {
            if (ConsoleZip.KeyOf(name) is { } key && record.Files.ContainsKey(name)) _literal[name] = key;
        }

        return record;
    }

    /// <summary>Reads the older layout, which lists application names only, so that files added by operating systems are recognized by their names.</summary>
    private TransferRecord ReadOldRecord(byte[] bytes)
    {
        foreach (string name in _entries.Keys)
        {
            if (ConsoleZip.KeyOf(name) is { } key && !TransferName.IsHidden(key.Group) && key.DataId != ".DS_Store" && !key.DataId.StartsWith("._", StringComparison.Ordinal)) _literal[name] = key;
        }

        return ConsoleZip.ReadOld(bytes, _entries.Keys.Select(name => ReadPath(name, null)).Where(path => path.Kind == TransferPathKind.Config).Select(path => path.Key!));
    }

    /// <summary>Describes configurations that are listed but missing, and the other way round. A missing one must not be removed from a server.</summary>
    private string Gaps(TransferRecord record)
    {
        ConfigKey[] missing = [.. record.Files.Where(file => !_entries.ContainsKey(file.Key)).Select(file => file.Value.Key)];
        string[] unlisted = [.. _entries.Keys.Where(name => !record.Files.ContainsKey(name) && ReadPath(name, null).Kind == TransferPathKind.Config)];
        Array.ForEach(missing, NoteMissing);
        return (missing.Length == 0 ? "" : $" It lists {Count(missing.Length)} that it does not contain, such as '{ForeignText.Clean(missing[0].ToString())}': nothing is done with {(missing.Length == 1 ? "it" : "them")}.")
            + (unlisted.Length == 0 ? "" : $" It contains {Count(unlisted.Length)} that it does not list, such as '{ForeignText.Clean(unlisted[0])}': {(unlisted.Length == 1 ? "its type is" : "their types are")} not known.");
    }

    private static string Count(int count) => count == 1 ? "1 configuration" : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations", count);

    private protected override byte[]? ReadBytes(string path)
    {
        // An archive is a single stream, so entries are decompressed one after the other.
        lock (_gate)
        {
            Opened();
            if (!_entries.TryGetValue(path, out ZipArchiveEntry? entry)) return null;

            // The hidden record is not part of the list of files and is checked here.
            return IsBomb(entry) ? throw Bomb(entry) : Unpack(entry);
        }
    }

    private void Opened()
    {
        if (_archive is not null) return;

        // Opening a pipe would block.
        if (SpecialFile.Is(new FileInfo(_path))) throw new AcmException(AcmErrorKind.InvalidContent, $"'{Name}' is a pipe, a socket or a device, not a zip.") { Advice = "Write it to a file first." };

        FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            if (stream.Length > Limits.TotalBytes) throw new AcmException(AcmErrorKind.ContentTooLarge, $"'{Name}' has {stream.Length} bytes, more than the limit of {Limits.TotalBytes}.");

            if (ZipDirectory.HasOverlaps(stream)) throw Bomb("has overlapping entries.");

            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: false, ZipNames.Instance);
            _packed = stream.Length;

            // A second entry with the same name is detected when the files are listed.
            foreach (ZipArchiveEntry entry in _archive.Entries) _entries[NameOf(entry)] = entry;
        }
        catch (InvalidDataException e)
        {
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{Name}' is not a valid zip: {e.Message}", e) { Advice = "Copy it from its source again, or export again. Publish a single file by itself." };
        }
        finally
        {
            if (_entries.Count == 0 && _archive is null) stream.Dispose();
        }
    }

    // The declared size may be wrong, so the actual size is checked.
    private byte[] Unpack(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] bytes = new byte[Math.Min(entry.Length, Limits.FileBytes) + 1];
        int length = 0;
        int read;
        while (length < bytes.Length && (read = stream.Read(bytes, length, bytes.Length - length)) > 0) length += read;
        if (length != entry.Length) throw new InvalidDataException($"It holds {(length > entry.Length ? "more" : "less")} than the {entry.Length} bytes that it declares.");

        byte[] content = bytes.AsSpan(0, length).ToArray();
#if NET
        if (Crc32.Of(content) != entry.Crc32) throw new InvalidDataException("Its checksum is wrong: the zip is damaged.");
#endif
        return content;
    }

    /// <summary>Returns the name with <c>/</c>: Windows PowerShell 5.1 writes backslashes, which names cannot contain.</summary>
    private static string NameOf(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');

    /// <summary>Returns the folder that contains everything, if it contains files and subfolders; otherwise null. A folder with files only is a group.</summary>
    private string? FolderAroundAll()
    {
        string? around = null;
        bool isDeep = false;
        bool isShallow = false;
        foreach (string name in _entries.Keys)
        {
            // Hidden entries such as __MACOSX/._a are not considered.
            if (name.EndsWith("/", StringComparison.Ordinal) || TransferLayout.IsHidden(name)) continue;

            string[] parts = name.Split('/');
            if (parts.Length < 2 || parts[0].Length == 0 || parts[0] == ".." || (around ??= parts[0]) != parts[0]) return null;

            if (parts.Length > 3) return null;

            isDeep |= parts.Length == 3;
            isShallow |= parts.Length == 2;
        }

        return isDeep && isShallow ? around : null;
    }

    /// <summary>Checks the total size: each entry may be within its limits although all together are not.</summary>
    private AcmException? BombOfAll()
    {
        // Hidden entries are not decompressed, except for the record.
        long unpacked = _entries.Where(entry => !TransferLayout.IsHidden(entry.Key) || _literal.ContainsKey(entry.Key)).Sum(entry => entry.Value.Length);
        return unpacked >= Limits.RatioFrom && unpacked / Math.Max(1, _packed) > Limits.Ratio ? Bomb($"is {unpacked} bytes compressed into {_packed}, which is not plausible for text.") : null;
    }

    private AcmException Bomb(string problem) => new(AcmErrorKind.ContentTooLarge, $"'{Name}' {problem}") { Advice = "Nothing was read from it. Check where it came from, or export again." };

    private AcmException Bomb(ZipArchiveEntry entry) =>
        Problem(AcmErrorKind.ContentTooLarge, NameOf(entry), $"is {entry.Length} bytes compressed into {entry.CompressedLength}, which is not plausible for text.", "Nothing was read from it. Check where it came from, or export again.");

    private bool IsBomb(ZipArchiveEntry entry) => entry.Length >= Limits.RatioFrom && entry.Length / Math.Max(1, entry.CompressedLength) > Limits.Ratio;

    private static bool IsDrive(string name) => name.Length >= 3 && name[1] == ':' && name[2] == '/' && name[0] is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');

    private static bool LooksEscaped(string name) => name.IndexOf('%') >= 0;

#if NET
    private static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & FileTypeMask) == SymbolicLink;

    private static bool IsEncrypted(ZipArchiveEntry entry) => entry.IsEncrypted;
#else
    // These properties are not in netstandard2.0, but exist at run time.
    private static bool IsLink(ZipArchiveEntry entry) =>
        typeof(ZipArchiveEntry).GetProperty("ExternalAttributes")?.GetValue(entry) is int attributes && ((attributes >> 16) & FileTypeMask) == SymbolicLink;

    private static bool IsEncrypted(ZipArchiveEntry entry) => typeof(ZipArchiveEntry).GetProperty("IsEncrypted")?.GetValue(entry) is true;
#endif
}
