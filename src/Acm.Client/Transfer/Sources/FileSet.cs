using System.Runtime.CompilerServices;
using Acm.Client.Encryption;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>What folder and zip have in common: paths that stand for keys, and rules that both have to keep before anything of them is used.</summary>
internal abstract class FileSet : ConfigSet
{
    private const int FilesAtOnce = 32;

    private readonly HashSet<ConfigKey> _hidden = [];
    private readonly HashSet<string> _hiddenGroups = new(StringComparer.Ordinal);

    private protected FileSet(string name, ReadLimits limits)
        : base(name) => Limits = limits;

    /// <summary>Hidden files that were passed over and that a person would not expect to be: those of a zip.</summary>
    public IReadOnlyList<string> PassedOver { get; private protected set; } = [];

    /// <summary>Whether it was exported from the console of Nacos.</summary>
    public virtual bool IsNacosExport => false;

    /// <summary>What is read of an export of that console beside the contents, as a sentence; null where it is none, or was not opened.</summary>
    public string? ConsoleNote { get; private protected set; }

    /// <summary>How the files are read.</summary>
    public FileReadOptions Options { get; init; } = new();

    private protected ReadLimits Limits { get; }

    /// <summary>Whether a configuration is not there and may be wanted all the same: a hidden file or folder is called like it, as the Python CLI writes data ids that begin with a dot, or the export lists it.</summary>
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

    /// <summary>All files, with <c>/</c> in their relative paths; what may not be there at all is noted as a problem instead.</summary>
    private protected abstract IEnumerable<FoundFile> Files(ProblemList problems);

    /// <summary>A file's bytes; null where there is none.</summary>
    private protected abstract byte[]? ReadBytes(string path);

    /// <summary>What a file stands for, by its path.</summary>
    private protected virtual TransferPath ReadPath(string path, TransferRecord? record) => TransferLayout.Read(path, record);

    /// <summary>Notes a configuration whose file is missing though it is listed.</summary>
    private protected void NoteMissing(ConfigKey key) => _hidden.Add(key);

    /// <summary>Notes a hidden file.</summary>
    private protected void NoteHidden(string path)
    {
        int slash = path.IndexOf('/');
        _hidden.Add(slash < 0 ? new ConfigKey(path) : new ConfigKey(path.Substring(slash + 1), path.Substring(0, slash)));
    }

    /// <summary>Notes a hidden folder.</summary>
    private protected void NoteHiddenGroup(string name) => _hiddenGroups.Add(name);

    /// <summary>Something is wrong with a file.</summary>
    /// <param name="kind">What.</param>
    /// <param name="path">The file.</param>
    /// <param name="problem">The rest of a sentence that begins with the file.</param>
    /// <param name="cure">What to do.</param>
    /// <param name="inner">The cause, if there is one.</param>
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

            // Whatever a filter leaves out may still not be two things at once.
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
    /// <param name="group">The group that its configuration goes to; null for that of its place.</param>
    /// <param name="record">What an export recorded.</param>
    /// <param name="reading">Which names are allowed.</param>
    /// <param name="problems">Takes what is wrong.</param>
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

    /// <summary>What the console of Nacos recorded; null where it recorded nothing.</summary>
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

    /// <summary>A path as a line of text: whoever made a zip may have put anything into it.</summary>
    private static string Shown(string path) => ForeignText.Clean(path);

    /// <summary>A file as it was found.</summary>
    /// <param name="Path">Relative, with <c>/</c>.</param>
    /// <param name="Length">Its bytes, unpacked.</param>
    private protected readonly record struct FoundFile(string Path, long Length);
}
