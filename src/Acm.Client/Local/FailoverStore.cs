using Acm.Client.Text;

namespace Acm.Client.Local;

/// <summary>
/// Reads failover files, which take precedence over every server. They are created by people or copied from snapshots, and never written to here. Thread-safe.
/// </summary>
internal sealed class FailoverStore
{
    private readonly string _basePath;

    /// <summary>Creates a store for a folder, which need not exist.</summary>
    public FailoverStore(string basePath)
    {
        _basePath = LocalPath.Root(basePath);
    }

    /// <summary>Returns the failover value of a configuration, which may be empty; null if there is no file.</summary>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.InvalidContent"/>: the file is not text; <see cref="AcmErrorKind.StorageFailed"/>: it cannot be read.
    /// Such a file is not skipped, because it is meant to replace the server's value.
    /// </exception>
    public StoredConfig? Read(string @namespace, ConfigKey key)
    {
        // Most users have no such folder, and each read gets here.
        if (!Exists) return null;

        foreach (string path in Candidates(@namespace, key))
        {
            try
            {
                byte[]? bytes = IsThere(path) ? LocalFile.Read(path) : null;
                if (bytes is not null) return Decode(path, bytes, key);
            }
            catch (Exception e) when (LocalFile.IsRefusal(e))
            {
                throw new AcmException(AcmErrorKind.StorageFailed, $"The failover file '{path}' can't be read: {e.Message}", e)
                {
                    Key = key,
                    Advice = "Give this user read access, or remove the file to read from the server.",
                };
            }
        }

        return null;
    }

    /// <summary>Gets whether the folder exists.</summary>
    public bool Exists => Directory.Exists(_basePath);

    /// <summary>Returns whether there may be a file for a configuration: one with its name exists, or the folder cannot be read.</summary>
    public bool MayHave(string @namespace, ConfigKey key)
    {
        try
        {
            return Exists && Candidates(@namespace, key).Any(LocalFile.Exists);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // Reading reports the problem.
            return true;
        }
    }

    /// <summary>Returns size and time of all files that may be failover files.</summary>
    /// <exception cref="IOException">The folder cannot be read, or is changing.</exception>
    /// <exception cref="UnauthorizedAccessException">Access was denied.</exception>
    public Dictionary<string, FileStamp> Stamps()
    {
        var stamps = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
        var root = new DirectoryInfo(_basePath);
        if (!root.Exists) return stamps;

        Add(root);
        foreach (DirectoryInfo namespaceFolder in root.EnumerateDirectories())
        {
            foreach (DirectoryInfo groupFolder in namespaceFolder.EnumerateDirectories()) Add(groupFolder);
        }

        return stamps;

        void Add(DirectoryInfo folder)
        {
            foreach (FileInfo file in folder.EnumerateFiles()) stamps[file.FullName] = FileStamp.Of(file);
        }
    }

    /// <summary>Returns the configurations of a namespace that a file may belong to. Hashed names cannot be resolved.</summary>
    public IEnumerable<ConfigKey> KeysOf(string path, string @namespace)
    {
        string[] parts = path.Substring(_basePath.Length).Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        string file = LocalPath.ContentNameOf(parts[parts.Length - 1]);
        if (parts.Length == 1)
        {
            string[] words = file.Split('+');
            if (words.Length == 3 && words[2] == @namespace) yield return new ConfigKey(words[0], words[1]);
        }
        else if (parts.Length == 3 && (parts[0] == LocalPath.NamespaceFolder(@namespace) || parts[0] == LocalPath.PlainNamespaceFolder(@namespace)))
        {
            foreach (string group in LocalPath.GroupsOf(parts[1]))
            {
                foreach (string dataId in LocalPath.NamesOf(file)) yield return new ConfigKey(dataId, group);
            }
        }
    }

    /// <summary>Returns whether a path contains a hashed name.</summary>
    public static bool IsHashedName(string path) => LocalPath.HasHashedPart(path);

    /// <summary>Returns whether the path of a configuration may contain a hashed name.</summary>
    public static bool HasHashedName(string @namespace, ConfigKey key) => LocalPath.MayBeHashed(@namespace) || LocalPath.MayBeHashed(key.Group) || LocalPath.MayBeHashed(key.DataId);

    private static StoredConfig Decode(string path, byte[] bytes, ConfigKey key)
    {
        SideFile? side = LocalFile.Read(LocalPath.SideFileOf(path)) is { } sideBytes ? SideFile.TryParse(sideBytes) : null;

        // A different MD5 means that the file was edited, usually with an editor that writes UTF-8.
        if (side is not null && side.Md5 == Md5Hex.Of(bytes))
        {
            if (ContentText.TryDecode(bytes, side.Charset, out string text, out string problem)) return Stored(path, bytes, text, side.Charset, side);

            throw NoText(path, problem, key);
        }

        byte[] content = StrictUtf8.WithoutByteOrderMark(bytes);
        return ContentText.TryGuess(content, out string guessed, out string charset, out string reason)
            ? Stored(path, content, guessed, charset, side: null)
            : throw NoText(path, reason, key);
    }

    private static StoredConfig Stored(string path, byte[] bytes, string text, string charset, SideFile? side) => new()
    {
        Text = text,
        Bytes = bytes,
        Md5 = Md5Hex.Of(bytes),
        Charset = charset,
        Metadata = side?.Metadata ?? ConfigMetadata.None,
        LastModified = side?.LastModified,
        Written = File.GetLastWriteTimeUtc(path),
        Path = path,
    };

    private static AcmException NoText(string path, string problem, ConfigKey key) =>
        new(AcmErrorKind.InvalidContent, $"The failover file '{path}' can't be read as text. {problem}")
        {
            Key = key,
            Advice = "Save it as UTF-8, or remove it to read from the server.",
        };

    /// <summary>Returns all paths that may hold the value: escaped and plain names, then the name used by the Python SDK.</summary>
    private IEnumerable<string> Candidates(string @namespace, ConfigKey key)
    {
        foreach (string namespaceName in Names(LocalPath.NamespaceFolder(@namespace), LocalPath.PlainNamespaceFolder(@namespace)))
        {
            foreach (string groupName in Names(LocalPath.GroupFolder(key.Group), LocalPath.PlainGroupFolder(key.Group)))
            {
                foreach (string fileName in Names(LocalPath.Escape(key.DataId), LocalPath.PlainName(key.DataId)))
                {
                    yield return Path.Combine(_basePath, namespaceName, groupName, fileName);
                }
            }
        }

        if (LocalPath.PythonName(@namespace, key) is { } pythonName) yield return Path.Combine(_basePath, pythonName);
    }

    private static IEnumerable<string> Names(string own, string? plain) => plain is null || plain == own ? [own] : [own, plain];

    private bool IsThere(string path)
    {
        if (!LocalFile.Exists(path)) return false;

        for (string part = path; part.Length > _basePath.Length; part = Path.GetDirectoryName(part)!)
        {
            if (!LocalPath.IsSpelledSo(part)) return false;
        }

        return true;
    }
}
