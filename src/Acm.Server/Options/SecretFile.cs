namespace Acm.Server.Options;

/// <summary>Reads and checks files that contain a secret.</summary>
internal static class SecretFile
{
    /// <summary>Returns the text of a file without trailing line breaks.</summary>
    /// <exception cref="OptionsException">The file cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Returns a warning if other users can use the file; otherwise null.</summary>
    public static string? Exposure(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return null;

        UnixFileMode mode = File.GetUnixFileMode(path);
        return (mode & OwnerOnlyMode.OfOthers) == 0
            ? null
            : $"'{path}' can be read by other users of this machine (mode {OwnerOnlyMode.Text(mode)}). Run: chmod 600 '{path}'";
    }
}
