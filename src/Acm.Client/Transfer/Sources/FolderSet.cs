using Acm.Client.Local;

namespace Acm.Client.Transfer.Sources;

/// <summary>The files of a folder.</summary>
internal sealed class FolderSet : FileSet
{
    private readonly string _path;

    public FolderSet(string path, string name, ReadLimits limits)
        : base(name, limits) => _path = path;

    private protected override IEnumerable<FoundFile> Files(ProblemList problems) => Files(new DirectoryInfo(_path), "", problems);

    private protected override byte[]? ReadBytes(string path)
    {
        string file = TransferLayout.Under(_path, path);
        return new FileInfo(file) is { Exists: true } found && found.Length > Limits.FileBytes
            ? throw Problem(AcmErrorKind.ContentTooLarge, path, $"has grown to {found.Length} bytes.", null)
            : LocalFile.Read(file);
    }

    private IEnumerable<FoundFile> Files(DirectoryInfo folder, string prefix, ProblemList problems)
    {
        bool isGroup = prefix.Length > 0;
        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
        {
            string path = prefix + item.Name;
            if (TransferName.IsHidden(item.Name) || (item.Attributes & FileAttributes.Hidden) != 0)
            {
                if (item is FileInfo) NoteHidden(path);
                else if (!isGroup) NoteHiddenGroup(item.Name);
                continue;
            }

            if (IsLink(item))
            {
                problems.Add(Problem(AcmErrorKind.InvalidContent, path, "is a symbolic link, which may point anywhere.", "Put a copy of the file in its place, or let its name begin with a dot."));
            }
            else if (item is FileInfo special && SpecialFile.Is(special))
            {
                problems.Add(Problem(AcmErrorKind.InvalidContent, path, "is a pipe, a socket or a device, not a file.", "Remove it, or let its name begin with a dot: hidden files are skipped."));
            }
            else if (item is FileInfo file)
            {
                yield return new FoundFile(path, file.Length);
            }
            else if (isGroup)
            {
                // One problem per folder, whatever it contains.
                if (((DirectoryInfo)item).EnumerateFileSystemInfos().Any(below => !TransferName.IsHidden(below.Name))) yield return new FoundFile(path + "/…", 0);
            }
            else
            {
                foreach (FoundFile below in Files((DirectoryInfo)item, path + "/", problems)) yield return below;
            }
        }
    }

    private static bool IsLink(FileSystemInfo item) =>
#if NET
        item.LinkTarget is not null;
#else
        (item.Attributes & FileAttributes.ReparsePoint) != 0;
#endif
}
