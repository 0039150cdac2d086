using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>
/// Exports to a folder. Files with the same content are left unchanged; the others are collected in a hidden folder and moved into place
/// one by one, so each is replaced atomically.
/// </summary>
internal sealed class FolderTarget : IExportTarget
{
    private readonly FolderContents _contents;
    private readonly bool _decrypts;
    private readonly List<Staged> _staged = [];
    private readonly TransferRecord _record = new();
    private readonly NewFolders _folders = new();
    private List<KeyValuePair<string, ConfigKey>> _obsolete = [];
    private StagingFolder? _staging;
    private bool _isCommitted;

    public FolderTarget(string path, bool decrypts)
    {
        Path = path;
        _decrypts = decrypts;
        _contents = FolderContents.Of(path);
    }

    public string Path { get; }

    public string? Problem => _contents.RecordProblem is { } problem ? problem + " A new one is written." : null;

    public string? Loss => null;

    public IReadOnlyList<string> FindObsolete(Func<ConfigKey, bool> isObsolete)
    {
        _obsolete = [.. _contents.Configs.Where(file => isObsolete(file.Value))];
        return [.. _obsolete.Select(file => FullPath(file.Key))];
    }

    public void Open(bool mayHoldSecrets)
    {
        _folders.Create(Path, mayHoldSecrets);
        _staging = StagingFolder.Open(Path);
    }

    public void Add(AcmConfig config, string path)
    {
        ExportFile file = ExportFile.Of(config, path, _decrypts);
        if (_contents.IsBehindLink(path))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"'{file.Key}' was not exported: the folder of '{FullPath(path)}' is a symbolic link that points outside the target.")
            {
                Key = file.Key,
                Advice = "Replace the link with a folder, or export to the folder that it points to.",
            };
        }

        bool isThere = _contents.HasPlainFile(path) && IsHeld(FullPath(path), file.Bytes);
        string? staged = isThere ? null : _staging!.Write(file.Bytes, file.IsSecret);
        _staged.Add(new Staged(file.Key, path, staged, file.Bytes.Length, file.IsSecret, file.Entry));
    }

    public IReadOnlyList<ExportOutcome> Commit(bool deletes)
    {
        var outcomes = new List<ExportOutcome>(_staged.Count);
        var gone = new HashSet<string>(StringComparer.Ordinal);

        // The record is written first: an escaped file name without a record could not be read.
        foreach (Staged file in _staged)
            if (file.Entry is not null) _record.Files[file.Path] = file.Entry;
        WriteRecord(gone, isLast: false);

        // A configuration has one file. A previous export or the Python CLI may have written its name differently, because there was no conflicting name then.
        // The new file is moved into place before the old one is deleted, so that each configuration always has a file.
        ILookup<ConfigKey, string> there = _contents.Configs.ToLookup(file => file.Value, file => file.Key);
        ILookup<bool, Staged> isRespelled = _staged.ToLookup(file => there[file.Key].Any(path => path != file.Path));
        var left = new List<Staged>(isRespelled[true]);
        for (int before = int.MaxValue; left.Count > 0 && left.Count < before;)
        {
            // A file may occupy the name of another one's folder until it is moved.
            before = left.Count;
            Staged[] free = [.. left.Where(file => !IsInTheWay(FullPath(file.Path)))];
            foreach (Staged file in free) outcomes.Add(Respell(file, there[file.Key], gone));
            left.RemoveAll(file => Array.IndexOf(free, file) >= 0);
        }

        if (deletes) Delete(outcomes, gone);
        foreach (Staged file in left) outcomes.Add(Respell(file, there[file.Key], gone));
        foreach (Staged file in isRespelled[false]) outcomes.Add(Place(file));
        WriteRecord(gone, isLast: true);
        _isCommitted = true;
        return outcomes;
    }

    public void Dispose()
    {
        _staging?.Dispose();
        if (!_isCommitted) _folders.RemoveEmpty();
    }

    /// <summary>Returns whether a file has the given content. A file that cannot be read is replaced.</summary>
    private static bool IsHeld(string path, byte[] bytes)
    {
        try
        {
            return Holds(path, bytes);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            return false;
        }
    }

    private static bool Holds(string path, byte[] bytes)
    {
        if (new FileInfo(path).Length != bytes.Length) return false;

        return LocalFile.Read(path) is { } there && there.AsSpan().SequenceEqual(bytes);
    }

    /// <summary>Checks again just before a change that no folder was replaced with a link in the meantime.</summary>
    private void RefuseLink(string path)
    {
        int slash = path.IndexOf('/');
        if (slash < 0) return;

        var folder = new DirectoryInfo(FullPath(path.Substring(0, slash)));
        if (folder.Exists && (folder.Attributes & FileAttributes.ReparsePoint) != 0) throw new IOException($"'{folder.FullName}' was replaced by a symbolic link, which points outside the target.");
    }

    private string FullPath(string path) => TransferLayout.Under(Path, path);

    private ExportOutcome Place(Staged file)
    {
        string path = FullPath(file.Path);
        try
        {
            if (file.File is null)
            {
                if (file.IsSecret) FileRights.Restrict(path);
                return ExportOutcome.Done(file.Key, ExportState.Unchanged, path, file.Size);
            }

            RefuseLink(file.Path);
            _folders.Create(System.IO.Path.GetDirectoryName(path)!, file.IsSecret);
            if (!file.IsSecret && _contents.HasPlainFile(file.Path)) FileRights.Keep(path, file.File);
            AtomicFile.Replace(file.File, path);
            return ExportOutcome.Done(file.Key, ExportState.Exported, path, file.Size);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            return ExportOutcome.Failed(file.Key, path, e);
        }
    }

    /// <summary>Moves a file into place and deletes files of the same configuration with another name.</summary>
    private ExportOutcome Respell(Staged file, IEnumerable<string> spellings, HashSet<string> gone)
    {
        ExportOutcome outcome = Place(file);
        if (outcome.Error is not null) return outcome;

        var removed = new List<string>();
        foreach (string path in spellings)
        {
            if (path == file.Path || IsOneFile(path, file.Path)) continue;

            try
            {
                RefuseLink(path);
                File.Delete(FullPath(path));
                removed.Add(path);
            }
            catch (Exception e) when (LocalFile.IsRefusal(e))
            {
                // Two files for one configuration would fail the next import, so this is an error.
                outcome = ExportOutcome.Failed(file.Key, FullPath(path), e);
            }
        }

        gone.UnionWith(removed);
        RemoveEmptyFolders(removed);
        return outcome;
    }

    /// <summary>Returns whether a folder or file occupies the place of a new file.</summary>
    private static bool IsInTheWay(string path) => Directory.Exists(path) || File.Exists(System.IO.Path.GetDirectoryName(path)!);

    /// <summary>Returns whether two paths that differ only in case are the same file, as on a case-insensitive file system.</summary>
    private bool IsOneFile(string path, string other) =>
        string.Equals(path, other, StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(Directory.GetFiles(System.IO.Path.GetDirectoryName(FullPath(other))!), found => found == FullPath(other));

    private void Delete(List<ExportOutcome> outcomes, HashSet<string> gone)
    {
        var deleted = new List<string>();
        foreach ((string relative, ConfigKey key) in _obsolete.Select(file => (file.Key, file.Value)))
        {
            string path = FullPath(relative);
            try
            {
                RefuseLink(relative);
                File.Delete(path);
                gone.Add(relative);
                deleted.Add(relative);
                outcomes.Add(ExportOutcome.Done(key, ExportState.Deleted, path, 0));
            }
            catch (Exception e) when (LocalFile.IsRefusal(e))
            {
                outcomes.Add(ExportOutcome.Failed(key, path, e));
            }
        }

        RemoveEmptyFolders(deleted);
    }

    private void RemoveEmptyFolders(IEnumerable<string> files)
    {
        IEnumerable<string> folders = files.Where(path => path.IndexOf('/') >= 0).Select(path => System.IO.Path.GetDirectoryName(FullPath(path))!).Distinct(StringComparer.Ordinal);
        foreach (string folder in folders) LocalFile.RemoveFolderIfEmpty(folder);
    }

    /// <summary>Writes the record, with the entries of previous exports for files that still exist.</summary>
    private void WriteRecord(HashSet<string> gone, bool isLast)
    {
        var replaced = new HashSet<string>(_staged.Select(file => file.Path), StringComparer.Ordinal);
        var record = new TransferRecord();
        foreach (KeyValuePair<string, TransferRecordEntry> file in _contents.Record.Files)
            if (!gone.Contains(file.Key) && !replaced.Contains(file.Key) && (!isLast || _contents.HasPlainFile(file.Key))) record.Files[file.Key] = file.Value;
        foreach (KeyValuePair<string, TransferRecordEntry> file in _record.Files) record.Files[file.Key] = file.Value;

        string path = System.IO.Path.Combine(Path, TransferRecord.FileName);
        if (record.Files.Count == 0)
        {
            if (isLast) File.Delete(path);
            return;
        }

        byte[] bytes = record.ToBytes();
        if (File.Exists(path) && Holds(path, bytes)) return;

        AtomicFile.Replace(_staging!.Write(bytes, isSecret: false), path);
    }

    /// <summary>An exported configuration, with its file in the hidden folder; null if the target is up to date.</summary>
    private sealed record Staged(ConfigKey Key, string Path, string? File, int Size, bool IsSecret, TransferRecordEntry? Entry);
}
