namespace Acm.Server.Options;

/// <summary>Files that hold a secret.</summary>
internal static class SecretFile
{
    /// <summary>The text of the file without the line end that editors add.</summary>
    /// <exception cref="OptionsException">It cannot be read.</exception>
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

    /// <summary>A warning where other users can read the file; null where they cannot.</summary>
    public static string? Exposure(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return null;

        UnixFileMode mode = File.GetUnixFileMode(path);
        return (mode & FileMode600.OfOthers) == 0
            ? null
            : $"'{path}' can be read by other users of this machine (mode {FileMode600.Text(mode)}). Run: chmod 600 '{path}'";
    }
}
