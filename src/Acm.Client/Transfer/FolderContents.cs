using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>
/// The configuration files in the target folder before an export. Hidden files and folders are ignored, as is anything
/// nested deeper than group and data ID or behind a symbolic link.
/// </summary>
internal sealed class FolderContents
{
    private readonly Dictionary<string, bool> _isLink = new(StringComparer.Ordinal);
    private readonly HashSet<string> _linkedFolders = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, ConfigKey>> _configs = [];

    private FolderContents()
    {
    }

    /// <summary>Gets the configurations by path.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigKey>> Configs => _configs;

    /// <summary>Gets the record of the previous export; empty if there is none.</summary>
    public TransferRecord Record { get; private set; } = new();

    /// <summary>Gets why an existing record cannot be used; null if it can.</summary>
    public string? RecordProblem { get; private set; }

    /// <summary>Reads a folder, which need not exist.</summary>
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

    /// <summary>Returns whether a regular file has exactly this path: not a symbolic link, and with the same case.</summary>
    public bool HasPlainFile(string path) => _isLink.TryGetValue(path, out bool isLink) && !isLink;

    /// <summary>Returns whether the folder of a path is a symbolic link, which points outside the target.</summary>
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
