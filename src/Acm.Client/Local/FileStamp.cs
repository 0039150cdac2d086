namespace Acm.Client.Local;

/// <summary>Length and time of a file: what tells cheaply that nobody wrote it since.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>Whether there is no such file.</summary>
    public bool IsMissing => Length < 0;

    /// <summary>The stamp of a file as it is now; one of its own for a file that is missing.</summary>
    public static FileStamp Of(string path) => Of(new FileInfo(path));

    /// <summary>The stamp of a file, or of the one that a link leads to: a link stays as it is when that is written, and when a folder on the way is exchanged for another one, as Kubernetes does.</summary>
    public static FileStamp Of(FileInfo info)
    {
#if NET
        // One look at the file tells all of it; the target of a link takes another.
        if (info.Exists && (info.Attributes & FileAttributes.ReparsePoint) != 0 && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
#endif
        return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc) : new FileStamp(-1, default);
    }
}
