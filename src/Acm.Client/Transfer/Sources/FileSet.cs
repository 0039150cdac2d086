using System.Runtime.CompilerServices;
using Acm.Client.Encryption;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>The common part of folders and zips: mapping paths to keys, and validation before anything is used.</summary>
internal abstract class FileSet : ConfigSet
{
    private const int FilesAtOnce = 32;

    private readonly HashSet<ConfigKey> _hidden = [];
    private readonly HashSet<string> _hiddenGroups = new(StringComparer.Ordinal);

    private protected FileSet(string name, ReadLimits limits)
        : base(name) => Limits = limits;

    /// <summary>Gets the skipped hidden files of a zip, where they are unexpected.</summary>
    public IReadOnlyList<string> PassedOver { get; private protected set; } = [];

    /// <summary>Gets whether the set was exported from the Nacos console.</summary>
    public virtual bool IsNacosExport => false;

    /// <summary>Gets what is read from such an export besides the content, as a sentence; null for others, or before opening.</summary>
    public string? ConsoleNote { get; private protected set; }

    /// <summary>Gets the options for reading files.</summary>
    public FileReadOptions Options { get; init; } = new();

    private protected ReadLimits Limits { get; }

    /// <summary>Returns whether a missing configuration may be intended to exist: a hidden file or folder has its name (the Python CLI writes data IDs that begin with a dot), or the export lists it.</summary>
    public bool Hides(ConfigKey key) => _hidden.Contains(key) || _hiddenGroups.Contains(key.Group);

    /// <inheritdoc/>
    internal sealed override Task<IReadOnlyList<SetEntry>> OpenAsync(SetReading reading, ProblemList problems, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<SetEntry>>(() => Open(reading, problems, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    internal sealed override async IAsyncEnumerable<SetText> ReadAsync(IReadOnlyList<SetEntry> entries, SetReading reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task<SetText[]> coming = ReadSomeAsync(0);
        for (int start = 0; start < entries.Count; start += FilesAtOnce)
        {
            SetText[] texts = await coming.ConfigureAwait(false);
            coming = ReadSomeAsync(start + FilesAtOnce);
            foreach (SetText text in texts) yield return text;
        }

        Task<SetText[]> ReadSomeAsync(int start) => Task.Run(() => entries.Skip(start).Take(FilesAtOnce).Select(entry => Read(entry, reading)).ToArray(), cancellationToken);
    }

    /// <summary>Lists all files by relative path, with <c>/</c>; invalid ones are recorded as problems.</summary>
    private protected abstract IEnumerable<FoundFile> Files(ProblemList problems);

    /// <summary>Reads a file; returns null if it does not exist.</summary>
    private protected abstract byte[]? ReadBytes(string path);

    /// <summary>Determines the configuration of a file.</summary>
    private protected virtual TransferPath ReadPath(string path, TransferRecord? record) => TransferLayout.Read(path, record);

    /// <summary>Records a listed configuration whose file is missing.</summary>
    private protected void NoteMissing(ConfigKey key) => _hidden.Add(key);

    /// <summary>Records a hidden file.</summary>
    private protected void NoteHidden(string path)
    {
        int slash = path.IndexOf('/');
        _hidden.Add(slash < 0 ? new ConfigKey(path) : new ConfigKey(path.Substring(slash + 1), path.Substring(0, slash)));
    }

    /// <summary>Records a hidden folder.</summary>
    private protected void NoteHiddenGroup(string name) => _hiddenGroups.Add(name);

    /// <summary>Creates the error for a file.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="path">The file.</param>
    /// <param name="problem">The rest of a sentence after the file name.</param>
    /// <param name="cure">The advice; null for none.</param>
    /// <param name="inner">The cause; null for none.</param>
    private protected AcmException Problem(AcmErrorKind kind, string path, string problem, string? cure, Exception? inner = null) =>
        new(kind, $"'{Shown(path)}' in '{Name}' {problem}", inner) { Advice = cure };

    private List<SetEntry> Open(SetReading reading, ProblemList problems, CancellationToken cancellationToken)
    {
        try
        {
            return Entries(ReadRecord(cancellationToken), reading, problems, cancellationToken);
        }
        catch (AcmException e)
        {
            problems.Add(e);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            problems.Add(new AcmException(AcmErrorKind.InvalidContent, $"'{Name}' can't be read: {e.Message}", e));
        }

        return [];
    }

    private List<SetEntry> Entries(TransferRecord? record, SetReading reading, ProblemList problems, CancellationToken cancellationToken)
    {
        var entries = new List<SetEntry>();
        var paths = new Dictionary<ConfigKey, string>();
        long bytes = 0;
        List<FoundFile> files = FilesWithinLimit(problems, cancellationToken);
        string? group = files.TrueForAll(file => file.Path.IndexOf('/') < 0) ? Options.FlatGroup : null;
        foreach (FoundFile file in files)
        {
            if (Entry(file, group, record, reading, problems) is not { } entry) continue;

            // Duplicates are an error even if the filter excludes them.
            if (paths.TryGetValue(entry.Key, out string? other))
            {
                problems.Add(Problem(AcmErrorKind.InvalidKey, file.Path, $"and '{Shown(other)}' both stand for '{entry.Key}'.", "Remove or rename one of the two."));
                continue;
            }

            paths.Add(entry.Key, file.Path);
            if (!reading.Wants(entry.Key)) continue;

            bytes += file.Length;
            if (bytes > Limits.TotalBytes)
            {
                problems.Add(new AcmException(AcmErrorKind.ContentTooLarge, $"'{Name}' holds more than {Limits.TotalBytes} bytes, which exceeds the limit."));
                break;
            }

            if (file.Length > Limits.FileBytes)
                problems.Add(Problem(AcmErrorKind.ContentTooLarge, file.Path, $"has {file.Length} bytes; a configuration may have {Limits.FileBytes}.", "Remove it, or let its name begin with a dot: hidden files are skipped."));
            else
                entries.Add(entry);
        }

        return entries;
    }

    private List<FoundFile> FilesWithinLimit(ProblemList problems, CancellationToken cancellationToken)
    {
        var files = new List<FoundFile>();
        foreach (FoundFile file in Files(problems))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Count == Limits.Files)
            {
                problems.Add(new AcmException(AcmErrorKind.ContentTooLarge, $"'{Name}' holds more than {Limits.Files} files, which exceeds the limit."));
                break;
            }

            files.Add(file);
        }

        return files;
    }

    /// <param name="file">The file.</param>
    /// <param name="group">The group; null for that of its folder.</param>
    /// <param name="record">The record of the export; null for none.</param>
    /// <param name="reading">Validates names.</param>
    /// <param name="problems">Receives problems.</param>
    private SetEntry? Entry(FoundFile file, string? group, TransferRecord? record, SetReading reading, ProblemList problems)
    {
        TransferPath path = ReadPath(file.Path, record);
        switch (path.Kind)
        {
            case TransferPathKind.Hidden:
                return null;
            case TransferPathKind.TooDeep:
                problems.Add(Problem(AcmErrorKind.InvalidKey, file.Path, "is nested deeper than group/dataId.", "Move it up, or start the name of its folder with a dot to skip it. Zip the contents of the folder, not the folder itself."));
                return null;
            case TransferPathKind.Invalid:
                problems.Add(new AcmException(AcmErrorKind.InvalidKey, $"In '{Name}': {Shown(path.Problem!)}") { Advice = "Nothing was read from it. Check where it came from, or export again." });
                return null;
        }

        ConfigKey key = group is null ? path.Key! : new ConfigKey(path.Key!.DataId, group);
        try
        {
            reading.CheckKey(key);
        }
        catch (AcmException e)
        {
            problems.Add(Problem(e.Kind, file.Path, $"is not a valid name of a configuration. {e.Message}", $"Rename it, or let its name begin with a dot: hidden files are skipped. {e.Advice}", e));
            return null;
        }

        TransferRecordEntry? recorded = null;
        record?.Files.TryGetValue(file.Path, out recorded);
        if (recorded?.Key.Equals(path.Key) == false) recorded = null;
        return new SetEntry { Key = key, Path = file.Path, Record = recorded, Metadata = recorded?.Metadata ?? ConfigMetadata.None };
    }

    private TransferRecord? ReadRecord(CancellationToken cancellationToken)
    {
        foreach (string name in new[] { TransferRecord.FileName, TransferRecord.ZipEntryName })
        {
            if (ReadBytes(name) is { } bytes) return TransferRecord.Parse(bytes, $"{name}' in '{Name}");
        }

        return ReadConsoleRecord(cancellationToken);
    }

    /// <summary>Reads the metadata of the Nacos console; null if there is none.</summary>
    private protected virtual TransferRecord? ReadConsoleRecord(CancellationToken cancellationToken) => null;

    private SetText Read(SetEntry entry, SetReading reading)
    {
        try
        {
            byte[] bytes = ReadBytes(entry.Path!) ?? throw Problem(AcmErrorKind.InvalidContent, entry.Path!, "no longer exists.", null);
            if (entry.Record is { IsCipherText: true, Md5: { } md5 } && md5 != Md5Hex.Of(bytes))
                throw Problem(AcmErrorKind.InvalidContent, entry.Path!, "is not the exported cipher text; edited cipher text cannot be decrypted.", "Export it again, or export it decrypted and edit that.");

            return FileText.TryDecode(bytes, Options.Encoding, out string text, out string problem)
                ? new SetText(entry, text)
                {
                    IsRaw = ConfigCipher.Concerns(entry.Key) && (reading.NoDecrypt || entry.Record?.IsCipherText == true),
                    Metadata = entry.Metadata,
                }
                : throw Problem(AcmErrorKind.InvalidContent, entry.Path!, problem, FileText.Advice(bytes));
        }
        catch (AcmException e)
        {
            return new SetText(entry, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new SetText(entry, Problem(AcmErrorKind.InvalidContent, entry.Path!, $"can't be read: {e.Message}", null, e));
        }
    }

    /// <summary>Sanitizes a path for messages, because a zip may contain any text.</summary>
    private static string Shown(string path) => ForeignText.Clean(path);

    /// <summary>A file of the set.</summary>
    /// <param name="Path">The relative path, with <c>/</c>.</param>
    /// <param name="Length">The uncompressed size in bytes.</param>
    private protected readonly record struct FoundFile(string Path, long Length);
}
