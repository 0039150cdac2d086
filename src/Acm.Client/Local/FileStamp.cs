namespace Acm.Client.Local;

/// <summary>Length and time of a file: what tells cheaply that nobody wrote it since.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>Whether there is no such file.</summary>
    public bool IsMissing => Length < 0;

    /// <summary>The stamp of a file as it is now; one of its own for a file that is missing.</summary>
    public static FileStamp Of(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc) : new FileStamp(-1, default);
    }
}
