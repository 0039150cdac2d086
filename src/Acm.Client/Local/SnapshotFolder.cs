namespace Acm.Client.Local;

/// <summary>Manages a folder of snapshots. Sessions may use it at the same time.</summary>
public sealed class SnapshotFolder
{
    private readonly string _basePath;
    private readonly TimeProvider _clock;
    private readonly SnapshotStore _store;
    private readonly FolderLock _lock;

    /// <summary>Creates an object for a folder, which need not exist.</summary>
    /// <param name="path">The folder, as in <see cref="AcmClientOptions.SnapshotPath"/>. Exported failover folders have the same layout.</param>
    /// <param name="clock">Source of time; null for the system clock.</param>
    public SnapshotFolder(string path, TimeProvider? clock = null)
    {
        _basePath = LocalPath.Root(path ?? throw new ArgumentNullException(nameof(path)));
        _clock = clock ?? TimeProvider.System;
        _store = new SnapshotStore(_basePath, _clock);
        _lock = new FolderLock(_basePath);
    }

    /// <summary>Gets whether it is a failover folder, in which files without a side file are valid.</summary>
    public bool IsFailover { get; init; }

    /// <summary>Gets the folder.</summary>
    public string Path => _basePath;

    /// <summary>Lists the snapshots by namespace, group and data ID; each is read and checked on demand. Those of the Python SDK come last.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be read.</exception>
    public IEnumerable<SnapshotInfo> List()
    {
        if (!Directory.Exists(_basePath)) yield break;

        foreach (string namespaceFolder in Sorted(Directory.GetDirectories, _basePath))
        {
            foreach (string groupFolder in Sorted(Directory.GetDirectories, namespaceFolder))
            {
                IEnumerable<string> contents = Sorted(Directory.GetFiles, groupFolder).Select(LocalPath.ContentOf).OfType<string>().Distinct(StringComparer.Ordinal);
                foreach (string content in contents)
                    if (Look(namespaceFolder, groupFolder, content) is { } info) yield return info;
            }
        }

        foreach (string file in Sorted(Directory.GetFiles, _basePath))
            if (LookAtPython(file) is { } info) yield return info;
    }

    /// <summary>Removes a snapshot and its kept content. Succeeds if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: it cannot be removed.</exception>
    public void Remove(SnapshotInfo snapshot)
    {
        if (snapshot is null) throw new ArgumentNullException(nameof(snapshot));

        string path = System.IO.Path.GetFullPath(snapshot.Path);
        if (!path.StartsWith(_basePath.TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new ArgumentException($"'{path}' is not in '{_basePath}'.", nameof(snapshot));

        try
        {
            _lock.Hold(() =>
            {
                // The side file is removed last: content without one is treated as damaged, not as a value.
                foreach (string file in new[] { LocalPath.AsideOf(path), path, LocalPath.SideFileOf(path) })
                    if (File.Exists(file)) File.Delete(file);
                RemoveEmptyFolders(System.IO.Path.GetDirectoryName(path)!);
            });
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"The snapshot '{path}' could not be removed: {e.Message}", e) { Key = snapshot.Key };
        }
    }

    private string[] Sorted(Func<string, string[]> entries, string folder)
    {
        try
        {
            string[] sorted = entries(folder);
            Array.Sort(sorted, StringComparer.Ordinal);
            return sorted;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"The snapshots in '{_basePath}' can't be listed: {e.Message}", e);
        }
    }

    private SnapshotInfo? Look(string namespaceFolder, string groupFolder, string path)
    {
        SideFile? side = null;
        try
        {
            side = LocalFile.Read(LocalPath.SideFileOf(path)) is { } bytes ? SideFile.TryParse(bytes) : null;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // Reading the snapshot reports the problem.
        }

        string? ns = side?.Namespace ?? LocalPath.NamespaceOf(System.IO.Path.GetFileName(namespaceFolder));
        string? group = side?.Key.Group ?? LocalPath.GroupOf(System.IO.Path.GetFileName(groupFolder));
        string? dataId = side?.Key.DataId ?? LocalPath.Unescape(System.IO.Path.GetFileName(path));
        if (ns is null || group is null || dataId is null || LocalPath.Of(_basePath, ns, new ConfigKey(dataId, group)) != path)
        {
            return Info(
                ns ?? System.IO.Path.GetFileName(namespaceFolder),
                new ConfigKey(System.IO.Path.GetFileName(path), group ?? System.IO.Path.GetFileName(groupFolder)),
                path,
                SnapshotRead.Damaged(side is null ? $"The configuration of '{path}' is unknown." : $"'{path}' is stored under the name of another configuration."));
        }

        var key = new ConfigKey(dataId, group);
        SnapshotRead read = _store.Read(ns, key);
        if (IsFailover && read.State == SnapshotState.Damaged) read = ReadFailover(ns, key, read);
        return read.State == SnapshotState.None ? null : Info(ns, key, path, read);
    }

    private SnapshotRead ReadFailover(string @namespace, ConfigKey key, SnapshotRead damaged)
    {
        try
        {
            return new FailoverStore(_basePath).Read(@namespace, key) is { } stored ? SnapshotRead.Found(stored) : damaged;
        }
        catch (AcmException e)
        {
            return SnapshotRead.Damaged(e.Message);
        }
    }

    private SnapshotInfo? LookAtPython(string path)
    {
        if (System.IO.Path.GetFileName(path).Split('+') is not [var dataId, var group, var ns] || dataId.Length == 0 || group.Length == 0) return null;

        var key = new ConfigKey(dataId, group);
        SnapshotRead read = _store.Read(ns, key);

        // A snapshot of this module takes precedence.
        return read.Config?.Path == path ? Info(ns, key, path, read) : null;
    }

    private SnapshotInfo Info(string @namespace, ConfigKey key, string path, SnapshotRead read)
    {
        DateTimeOffset written = read.Since ?? read.Config?.Written ?? LastWrite(path);
        return new SnapshotInfo
        {
            Namespace = @namespace,
            Group = key.Group,
            DataId = key.DataId,
            State = read.State,
            Content = read.Config?.Text,
            Size = read.Config?.Bytes.Length ?? 0,
            Md5 = read.Config?.Md5,
            Charset = read.Config?.Charset,
            EncryptedDataKey = read.Config?.Metadata.EncryptedDataKey,
            Written = written,
            Age = _clock.GetUtcNow() - written,
            LastModified = read.Config?.LastModified,
            Problem = read.Reason,
            Path = path,
        };
    }

    private static DateTimeOffset LastWrite(string path) => File.GetLastWriteTimeUtc(File.Exists(path) ? path : LocalPath.SideFileOf(path));

    private void RemoveEmptyFolders(string folder)
    {
        for (string part = folder; part.Length > _basePath.Length && LocalFile.RemoveFolderIfEmpty(part);) part = System.IO.Path.GetDirectoryName(part)!;
    }
}
