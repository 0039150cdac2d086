namespace Acm.Server.Storage;

/// <summary>Who may use a data file: one server at a time, and no other user of the machine.</summary>
internal static class DataFile
{
    /// <summary>Held for as long as the server runs; the system lets go of it however the process ends.</summary>
    /// <exception cref="IOException">Another server holds it, or it cannot be written.</exception>
    public static FileStream Own(string path)
    {
        try
        {
            string? folder = Path.GetDirectoryName(path);
            if (!string.IsNullOrEmpty(folder)) Directory.CreateDirectory(folder);

            // SQLite gives its side files the mode of this one.
            using (Open(path, FileShare.ReadWrite))
            {
            }

            return Open(path + ".lock", FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"'{path}' cannot be used as a data file: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new IOException($"'{path}' cannot be used as a data file, or another server uses it: {e.Message}", e);
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
