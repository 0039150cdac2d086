using Acm.Server.Options;

namespace Acm.Server.Storage;

/// <summary>Restricts a data file to one server at a time and to its owner.</summary>
internal static class DataFile
{
    private static readonly string[] SideFiles = ["", "-wal", "-shm", ".lock"];

    /// <summary>Returns the path of the file that a symbolic link points to, next to which the lock and the write-ahead log are.</summary>
    /// <exception cref="IOException">A link cannot be resolved.</exception>
    public static string Resolve(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
    }

    /// <summary>Locks the data file. The system releases the lock when the process ends.</summary>
    /// <exception cref="IOException">Another server uses the file, the file has hard links, or it cannot be written.</exception>
    public static FileStream Own(string path)
    {
        try
        {
            string? folder = Path.GetDirectoryName(path);
            if (!string.IsNullOrEmpty(folder)) Directory.CreateDirectory(folder);

            // SQLite creates its side files with the mode of the data file.
            using (FileStream file = Open(path, FileShare.ReadWrite)) CheckNames(file, path);
            return Open(path + ".lock", FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' cannot be used as a data file: {e.Message}", e);
        }
        catch (IOException e) when (e is not HardLinkException)
        {
            throw new IOException($"'{path}' cannot be used as a data file, or another server uses it: {e.Message}", e);
        }
    }

    /// <summary>Removes the permissions of other users from the data file and its side files.</summary>
    /// <exception cref="IOException">The mode cannot be changed.</exception>
    public static void Tighten(string path, ILogger log)
    {
        if (OperatingSystem.IsWindows()) return;

        foreach (string file in SideFiles.Select(end => path + end).Where(File.Exists))
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            if ((mode & OwnerOnlyMode.OfOthers) == 0) continue;

            try
            {
                File.SetUnixFileMode(file, OwnerOnlyMode.Owner);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new IOException($"Other users of this machine can use '{file}' (mode {OwnerOnlyMode.Text(mode)}), and its mode cannot be changed: {e.Message}", e);
            }

            log.LogWarning("Other users of this machine could use '{File}' (mode {Mode}). Its mode is 600 now.", file, OwnerOnlyMode.Text(mode));
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyMode.Owner;
        return new FileStream(path, options);
    }

    // The lock and the write-ahead log belong to a file name, so a server that uses another name would write at the same time.
    private static void CheckNames(FileStream file, string path)
    {
        int names = LinkCount.Of(file.SafeFileHandle);
        if (names > 1) throw new HardLinkException($"'{path}' cannot be used as a data file: it has {names} names (hard links), through which two servers could write to it at the same time. Use a copy of the file instead.");
    }

    private sealed class HardLinkException(string message) : IOException(message);
}
