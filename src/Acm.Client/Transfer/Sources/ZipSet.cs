using System.IO.Compression;

namespace Acm.Client.Transfer.Sources;

/// <summary>
/// The entries of a zip. Nothing is unpacked to a disk, so that no name can lead out of a folder; what a name or a size has that no export writes is refused all the same, because
/// nobody knows what else is wrong with such a zip.
/// </summary>
internal sealed class ZipSet : FileSet
{
    private const int FileTypeMask = 0xF000;
    private const int SymbolicLink = 0xA000;

    private readonly string _path;
    private readonly object _gate = new();
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private ZipArchive? _archive;

    public ZipSet(string path, string name, ReadLimits limits)
        : base(name, limits) => _path = path;

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
        foreach (ZipArchiveEntry entry in _archive!.Entries)
        {
            string name = entry.FullName;
            if (name.EndsWith("/", StringComparison.Ordinal))
            {
                // A folder's own entry says nothing, unless it tries to lead somewhere.
                if (TransferLayout.Read(name.TrimEnd('/'), null).Kind == TransferPathKind.Invalid && !LooksEscaped(name)) yield return new FoundFile(name, 0);
                continue;
            }

            if (TransferLayout.Read(name, null).Kind == TransferPathKind.Hidden)
            {
                if (name is not (TransferRecord.FileName or TransferRecord.ZipEntryName)) hidden.Add(name);
                continue;
            }

            if (IsDrive(name)) problems.Add(Problem(AcmErrorKind.InvalidKey, name, "begins with a drive.", "Nothing of it is used. Find out who made it, or export anew."));
            else if (IsLink(entry)) problems.Add(Problem(AcmErrorKind.InvalidContent, name, "is a symbolic link, not a file.", "Pack the file that it leads to."));
            else if (IsEncrypted(entry)) problems.Add(Problem(AcmErrorKind.InvalidContent, name, "is locked with a password.", "Unpack the zip and import the folder."));
            else if (IsBomb(entry)) problems.Add(Problem(AcmErrorKind.ContentTooLarge, name, $"is {entry.Length} bytes packed into {entry.CompressedLength}, which no text is.", "Nothing of it is used. Find out who made it, or export anew."));
            else yield return new FoundFile(name, entry.Length);
        }

        hidden.ForEach(NoteHidden);
        PassedOver = hidden;
    }

    private protected override byte[]? ReadBytes(string path)
    {
        // An archive is one stream: entries are unpacked one after the other.
        lock (_gate)
        {
            Opened();
            return _entries.TryGetValue(path, out ZipArchiveEntry? entry) ? Unpack(entry) : null;
        }
    }

    private void Opened()
    {
        if (_archive is not null) return;

        FileStream stream = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            if (stream.Length > Limits.TotalBytes) throw new AcmException(AcmErrorKind.ContentTooLarge, $"'{Name}' has {stream.Length} bytes, more than the {Limits.TotalBytes} that are taken at once.");

            _archive = new ZipArchive(stream, ZipArchiveMode.Read);

            // Of two entries of one name the second is found when the files are listed.
            foreach (ZipArchiveEntry entry in _archive.Entries) _entries[entry.FullName] = entry;
        }
        catch (InvalidDataException e)
        {
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{Name}' is no zip, or a damaged one: {e.Message}", e) { Advice = "Copy it anew from where it came, or export anew. A single file is published with Set-AcmConfig -Path." };
        }
        finally
        {
            if (_entries.Count == 0 && _archive is null) stream.Dispose();
        }
    }

    // What an entry says of its size may be a lie: what comes is counted.
    private byte[] Unpack(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] bytes = new byte[Math.Min(entry.Length, Limits.FileBytes) + 1];
        int length = 0;
        int read;
        while (length < bytes.Length && (read = stream.Read(bytes, length, bytes.Length - length)) > 0) length += read;
        if (length != entry.Length) throw new InvalidDataException($"It holds {(length > entry.Length ? "more" : "less")} than the {entry.Length} bytes that it says.");

        byte[] content = bytes.AsSpan(0, length).ToArray();
#if NET
        if (Crc32.Of(content) != entry.Crc32) throw new InvalidDataException("Its checksum is wrong: the zip is damaged.");
#endif
        return content;
    }

    private bool IsBomb(ZipArchiveEntry entry) => entry.Length >= Limits.RatioFrom && entry.Length / Math.Max(1, entry.CompressedLength) > Limits.Ratio;

    private static bool IsDrive(string name) => name.Length >= 3 && name[1] == ':' && name[2] == '/' && name[0] is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');

    private static bool LooksEscaped(string name) => name.IndexOf('%') >= 0;

#if NET
    private static bool IsLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & FileTypeMask) == SymbolicLink;

    private static bool IsEncrypted(ZipArchiveEntry entry) => entry.IsEncrypted;
#else
    // The properties are newer than the standard, and there where this runs.
    private static bool IsLink(ZipArchiveEntry entry) =>
        typeof(ZipArchiveEntry).GetProperty("ExternalAttributes")?.GetValue(entry) is int attributes && ((attributes >> 16) & FileTypeMask) == SymbolicLink;

    private static bool IsEncrypted(ZipArchiveEntry entry) => typeof(ZipArchiveEntry).GetProperty("IsEncrypted")?.GetValue(entry) is true;
#endif
}
