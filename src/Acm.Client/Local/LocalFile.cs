namespace Acm.Client.Local;

/// <summary>Reads small files that other processes may replace meanwhile.</summary>
internal static class LocalFile
{
    private const FileAttributes Missing = (FileAttributes)(-1);

    /// <summary>Returns whether a path exists. Unlike <see cref="File.Exists"/>, throws if access is denied.</summary>
    /// <exception cref="IOException">The file system reported an error.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder of the path is not accessible.</exception>
    public static bool Exists(string path) => new FileInfo(path).Attributes != Missing;

    /// <summary>Returns whether an exception is an error of the file system.</summary>
    public static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Removes an empty folder; leaves it if another process has filled, removed or opened it.</summary>
    /// <returns>Whether it was removed.</returns>
    public static bool RemoveFolderIfEmpty(string path)
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(path).Any()) return false;

            Directory.Delete(path);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    /// <summary>Reads a file with read access only; returns null if it does not exist.</summary>
    /// <exception cref="IOException">The file cannot be read, or is a pipe, a socket or a device, which is never opened.</exception>
    public static byte[]? Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Attributes == Missing) return null;
        if (SpecialFile.Is(info)) throw new IOException($"'{path}' is a pipe, a socket or a device, not a file.");

        // An empty file is not opened, because it may be a pipe on systems where that cannot be determined.
        if (info.Length == 0 && (info.Attributes & FileAttributes.ReparsePoint) == 0) return [];

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            byte[] bytes = new byte[stream.Length];
            int length = 0;
            while (length < bytes.Length)
            {
                int read = stream.Read(bytes, length, bytes.Length - length);
                if (read == 0) throw new EndOfStreamException($"'{path}' was truncated while it was read.");

                length += read;
            }

            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
