using Acm.Server.Options;

namespace Acm.Server.Storage;

/// <summary>Who may use a data file: one server at a time, and no other user of the machine.</summary>
internal static class DataFile
{
    private static readonly string[] SideFiles = ["", "-wal", "-shm", ".lock"];

    /// <summary>The file's own path, where a link leads to it: lock and write-ahead log lie beside that one.</summary>
    /// <exception cref="IOException">The links cannot be followed.</exception>
    public static string Resolve(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
    }

    /// <summary>Held for as long as the server runs; the system lets go of it however the process ends.</summary>
    /// <exception cref="IOException">Another server holds it, it has another name, or it cannot be written.</exception>
    public static FileStream Own(string path)
    {
        try
        {
            string? folder = Path.GetDirectoryName(path);
            if (!string.IsNullOrEmpty(folder)) Directory.CreateDirectory(folder);

            // SQLite gives its side files the mode of this one.
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

    /// <summary>Takes the file and those beside it from other users, once it is known to be a data file.</summary>
    /// <exception cref="IOException">The file is another user's.</exception>
    public static void Tighten(string path, ILogger log)
    {
        if (OperatingSystem.IsWindows()) return;

        foreach (string file in SideFiles.Select(end => path + end).Where(File.Exists))
        {
            UnixFileMode mode = File.GetUnixFileMode(file);
            if ((mode & FileMode600.OfOthers) == 0) continue;

            try
            {
                File.SetUnixFileMode(file, FileMode600.Owner);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new IOException($"Other users of this machine can use '{file}' (mode {FileMode600.Text(mode)}), and its mode cannot be changed: {e.Message}", e);
            }

            log.LogWarning("Other users of this machine could use '{File}' (mode {Mode}). Its mode is 600 now.", file, FileMode600.Text(mode));
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode600.Owner;
        return new FileStream(path, options);
    }

    // Lock and write-ahead log belong to a name, so that a server which knows the other name would write beside this one.
    private static void CheckNames(FileStream file, string path)
    {
        int names = LinkCount.Of(file.SafeFileHandle);
        if (names > 1) throw new HardLinkException($"'{path}' cannot be used as a data file: it has {names} names (hard links), and two servers could write it at once. Copy it to a file of its own.");
    }

    private sealed class HardLinkException(string message) : IOException(message);
}
