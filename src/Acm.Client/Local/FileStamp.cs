namespace Acm.Client.Local;

/// <summary>Size and time of a file, to detect changes cheaply.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>Gets whether the file does not exist.</summary>
    public bool IsMissing => Length < 0;

    /// <summary>Returns the current stamp of a file.</summary>
    public static FileStamp Of(string path) => Of(new FileInfo(path));

    /// <summary>Returns the stamp of a file, or of a link's target: the link itself does not change when the target is written, or when Kubernetes replaces a folder on the path.</summary>
    public static FileStamp Of(FileInfo info)
    {
#if NET
        // Resolving a link needs another system call.
        if (info.Exists && (info.Attributes & FileAttributes.ReparsePoint) != 0 && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
#endif
        return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc) : new FileStamp(-1, default);
    }
}
