using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>
/// What is in the target of an export before it: the files that stand for configurations. Hidden files and folders are not looked at, nor is what
/// lies deeper than group and data id, nor what a symbolic link leads to.
/// </summary>
internal sealed class FolderContents
{
    private readonly Dictionary<string, bool> _isLink = new(StringComparer.Ordinal);
    private readonly HashSet<string> _linkedFolders = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, ConfigKey>> _configs = [];

    private FolderContents()
    {
    }

    /// <summary>The configurations, by path.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigKey>> Configs => _configs;

    /// <summary>The record of the export before; an empty one where there is none.</summary>
    public TransferRecord Record { get; private set; } = new();

    /// <summary>Why the record that is there can't be used; null where it can.</summary>
    public string? RecordProblem { get; private set; }

    /// <summary>Looks at a folder, which need not exist.</summary>
    public static FolderContents Of(string root)
    {
        var contents = new FolderContents();
        if (!Directory.Exists(root)) return contents;

        contents.ReadRecord(Path.Combine(root, TransferRecord.FileName));
        foreach (FileSystemInfo entry in new DirectoryInfo(root).EnumerateFileSystemInfos())
        {
            if (IsHidden(entry)) continue;
            if (entry is not DirectoryInfo folder)
            {
                contents.Add(entry.Name, entry);
            }
            else if (IsLink(folder))
            {
                contents._linkedFolders.Add(folder.Name);
            }
            else
            {
                foreach (FileInfo file in folder.EnumerateFiles())
                    if (!IsHidden(file)) contents.Add(folder.Name + "/" + file.Name, file);
            }
        }

        return contents;
    }

    /// <summary>Whether there is a file of its own, spelled so: no symbolic link, and not another one on a file system that ignores case.</summary>
    public bool HasPlainFile(string path) => _isLink.TryGetValue(path, out bool isLink) && !isLink;

    /// <summary>Whether the folder of a path is a symbolic link, which would lead out of the target.</summary>
    public bool IsBehindLink(string path)
    {
        int slash = path.IndexOf('/');
        return slash >= 0 && _linkedFolders.Contains(path.Substring(0, slash));
    }

    private static bool IsHidden(FileSystemInfo entry) => TransferName.IsHidden(entry.Name) || (entry.Attributes & FileAttributes.Hidden) != 0;

    private static bool IsLink(FileSystemInfo entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private void Add(string path, FileSystemInfo file)
    {
        _isLink[path] = IsLink(file);
        if (TransferLayout.Read(path, Record).Key is { } key) _configs.Add(new KeyValuePair<string, ConfigKey>(path, key));
    }

    private void ReadRecord(string file)
    {
        if (LocalFile.Read(file) is not { } bytes) return;

        try
        {
            Record = TransferRecord.Parse(bytes, file);
        }
        catch (AcmException e)
        {
            RecordProblem = e.Message;
        }
    }
}
