namespace Acm.Client.Local;

/// <summary>Reads of small files that others may be replacing meanwhile.</summary>
internal static class LocalFile
{
    private const FileAttributes Missing = (FileAttributes)(-1);

    /// <summary>Whether something is at a path. Unlike <see cref="File.Exists"/>, it does not call missing what it may not look at.</summary>
    /// <exception cref="IOException">The file system does not tell.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be entered.</exception>
    public static bool Exists(string path) => new FileInfo(path).Attributes != Missing;

    /// <summary>Whether an exception is the file system's refusal, rather than a fault of this program.</summary>
    public static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Removes a folder that is empty. One that another has filled or removed at the same moment, or stands in, is theirs: it is left.</summary>
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

    /// <summary>The whole of a file, for which the right to read it is enough; null if there is none.</summary>
    /// <exception cref="IOException">It can't be read, or is a pipe, a socket or a device, which is never opened.</exception>
    public static byte[]? Read(string path)
    {
        var info = new FileInfo(path);
        if (info.Attributes == Missing) return null;
        if (SpecialFile.Is(info)) throw new IOException($"'{path}' is a pipe, a socket or a device, not a file.");

        // Not opened: where the system could not be asked what it is, it may be a pipe.
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
