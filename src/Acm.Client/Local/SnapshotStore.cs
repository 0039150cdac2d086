using System.Collections.Concurrent;
using Acm.Client.Text;

namespace Acm.Client.Local;

/// <summary>
/// Stores values from servers as snapshots. Thread-safe; several processes may share a folder. The side file is
/// authoritative: content that does not match its MD5 is torn and not used.
/// </summary>
internal sealed class SnapshotStore
{
    private readonly string _basePath;
    private readonly TimeProvider _clock;
    private readonly FolderLock _lock;
    private readonly ConcurrentDictionary<(string Namespace, ConfigKey Key), Known> _known = new();

    /// <summary>Creates a store for a folder, which is created with the first snapshot.</summary>
    public SnapshotStore(string basePath, TimeProvider clock)
    {
        _basePath = LocalPath.Root(basePath);
        _clock = clock;
        _lock = new FolderLock(_basePath);
    }

    /// <summary>Reads a snapshot. Problems on disk do not throw; the result is <see cref="SnapshotState.Damaged"/>.</summary>
    public SnapshotRead Read(string @namespace, ConfigKey key)
    {
        string path = LocalPath.Of(_basePath, @namespace, key);
        try
        {
            SnapshotRead read = ReadOwn(path);
            if (read.State == SnapshotState.Damaged) read = ReadAgain(path, read);

            return read.State == SnapshotState.None ? ReadPython(@namespace, key) : read;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            return SnapshotRead.Damaged($"'{path}' can't be read: {e.Message}");
        }
    }

    /// <summary>Returns what is stored, as far as this process knows without reading it; null if unknown, or if another process has written it since.</summary>
    public StoredIdentity? Look(string @namespace, ConfigKey key)
    {
        try
        {
            return _known.TryGetValue((@namespace, key), out Known? known) && known == Known.Now(known.Value, known.Path) ? known.Value : null;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Saves a value, unless content, charset and metadata are stored already.
    /// <paramref name="lastModified"/> is not compared, because it differs between the servers of a cluster.
    /// </summary>
    /// <returns>Whether it was written; false if it is stored already.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be written to.</exception>
    public bool Save(
        string @namespace, ConfigKey key, ReadOnlyMemory<byte> bytes, string md5, string charset, ConfigMetadata? metadata, DateTimeOffset? lastModified)
    {
        string path = LocalPath.Of(_basePath, @namespace, key);
        var value = new StoredIdentity(md5, charset, metadata ?? ConfigMetadata.None);
        try
        {
            if (IsStored(@namespace, key, path, value)) return false;

            var side = new SideFile
            {
                Namespace = @namespace,
                Key = key,
                Md5 = md5,
                Charset = charset,
                Metadata = value.Metadata,
                LastModified = lastModified,
            };
            byte[] content = bytes.ToArray();
            byte[] sideBytes = side.ToBytes();
            _lock.Hold(() =>
            {
                AtomicFile.Write(path, content, flush: false);
                AtomicFile.Write(LocalPath.SideFileOf(path), sideBytes, flush: false);
                File.Delete(LocalPath.AsideOf(path));
                _known[(@namespace, key)] = Known.Now(value, path);
            });
            return true;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw Failed(path, key, e);
        }
    }

    /// <summary>
    /// Records that a configuration does not exist. Its last value is kept aside, but no longer returned. Does
    /// nothing if there is no snapshot.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be written to.</exception>
    public void MarkAbsent(string @namespace, ConfigKey key)
    {
        string path = LocalPath.Of(_basePath, @namespace, key);
        try
        {
            if (!HasAny(path) && PythonPath(@namespace, key) is null) return;

            _lock.Hold(() =>
            {
                SideFile? old = ReadSide(path);
                if (old?.AbsentSince is null) SetAside(@namespace, key, path, old);
            });
            _known.TryRemove((@namespace, key), out _);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw Failed(path, key, e);
        }
    }

    private static AcmException Failed(string path, ConfigKey key, Exception e) =>
        new(AcmErrorKind.StorageFailed, $"The snapshot '{path}' could not be written: {e.Message}", e)
        {
            Key = key,
            Advice = "Check that the snapshot folder is writable and has free space, choose another folder, or turn snapshots off.",
        };

    private static SnapshotRead ReadOwn(string path)
    {
        byte[]? sideBytes = LocalFile.Read(LocalPath.SideFileOf(path));
        byte[]? bytes = LocalFile.Read(path);
        if (sideBytes is null) return bytes is null ? SnapshotRead.None : SnapshotRead.Damaged($"'{path}' has no metadata file, so its integrity cannot be verified.");
        if (SideFile.TryParse(sideBytes) is not { } side) return SnapshotRead.Damaged($"'{LocalPath.SideFileOf(path)}' is torn.");
        if (side.AbsentSince is { } since) return SnapshotRead.Absent(since);
        if (bytes is null) return SnapshotRead.Damaged($"'{path}' is missing, but its metadata file exists.");
        if (Md5Hex.Of(bytes) != side.Md5) return SnapshotRead.Damaged($"The MD5 of '{path}' differs from its metadata file: it is damaged, or was edited.");

        return ContentText.TryDecode(bytes, side.Charset, out string text, out string problem)
            ? SnapshotRead.Found(new StoredConfig
            {
                Text = text,
                Bytes = bytes,
                Md5 = side.Md5,
                Charset = side.Charset,
                Metadata = side.Metadata,
                LastModified = side.LastModified,
                Written = File.GetLastWriteTimeUtc(path),
                Path = path,
            })
            : SnapshotRead.Damaged($"'{path}' can't be read as text. {problem}");
    }

    /// <summary>Reads a damaged snapshot again under the lock, because another process may have been writing its two files.</summary>
    private SnapshotRead ReadAgain(string path, SnapshotRead damaged)
    {
        SnapshotRead read = damaged;
        try
        {
            _lock.Hold(() => read = ReadOwn(path));
            return read;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            return SnapshotRead.Damaged($"{damaged.Reason} Nor could it be read again: {e.Message}");
        }
    }

    private static SideFile? ReadSide(string path) => LocalFile.Read(LocalPath.SideFileOf(path)) is { } bytes ? SideFile.TryParse(bytes) : null;

    private static bool HasAny(string path) => LocalFile.Exists(path) || LocalFile.Exists(LocalPath.SideFileOf(path));

    /// <summary>Writes the marker first, so that a crash in between leaves content that the marker invalidates.</summary>
    private void SetAside(string @namespace, ConfigKey key, string path, SideFile? old)
    {
        var marker = new SideFile
        {
            Namespace = @namespace,
            Key = key,
            Md5 = old?.Md5 ?? "",
            Charset = old?.Charset ?? ContentText.Utf8,
            Metadata = old?.Metadata ?? ConfigMetadata.None,
            LastModified = old?.LastModified,
            AbsentSince = _clock.GetUtcNow(),
        };
        AtomicFile.Write(LocalPath.SideFileOf(path), marker.ToBytes(), flush: false);
        if (LocalFile.Exists(path)) AtomicFile.Replace(path, LocalPath.AsideOf(path));
    }

    /// <summary>Reads a snapshot of the Python SDK: UTF-8 text without a checksum. The first value from a server replaces it.</summary>
    private SnapshotRead ReadPython(string @namespace, ConfigKey key)
    {
        if (PythonPath(@namespace, key) is not { } path || LocalFile.Read(path) is not { } bytes) return SnapshotRead.None;

        byte[] content = StrictUtf8.WithoutByteOrderMark(bytes);
        return ContentText.TryGuess(content, out string text, out string charset, out string problem)
            ? SnapshotRead.Found(new StoredConfig
            {
                Text = text,
                Bytes = content,
                Md5 = Md5Hex.Of(content),
                Charset = charset,
                Written = File.GetLastWriteTimeUtc(path),
                Path = path,
            })
            : SnapshotRead.Damaged($"'{path}' can't be read as text. {problem}");
    }

    private string? PythonPath(string @namespace, ConfigKey key)
    {
        if (LocalPath.PythonName(@namespace, key) is not { } name) return null;

        string path = Path.Combine(_basePath, name);
        return LocalFile.Exists(path) && LocalPath.IsSpelledSo(path) ? path : null;
    }

    private bool IsStored(string @namespace, ConfigKey key, string path, StoredIdentity value)
    {
        // The stamps are taken before reading, so that concurrent writes are noticed.
        Known now = Known.Now(value, path);
        if (now.Side.IsMissing) return false;
        if (_known.TryGetValue((@namespace, key), out Known? known) && known.Value.Covers(value) && known == now with { Value = known.Value }) return true;

        SnapshotRead read;
        try
        {
            read = ReadOwn(path);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // A file that cannot be read may still be replaced; otherwise the write reports the problem.
            return false;
        }

        if (read.Config is not { } config) return false;

        var stored = StoredIdentity.Of(config);
        if (!stored.Covers(value)) return false;

        _known[(@namespace, key)] = now with { Value = stored };
        return true;
    }

    /// <summary>A value that this process wrote or read, with the stamps of its two files.</summary>
    private sealed record Known(StoredIdentity Value, string Path, FileStamp Content, FileStamp Side)
    {
        public static Known Now(StoredIdentity value, string path) => new(value, path, FileStamp.Of(path), FileStamp.Of(LocalPath.SideFileOf(path)));
    }
}
