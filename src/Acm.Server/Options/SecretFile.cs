namespace Acm.Server.Options;

internal static class SecretFile
{
    /// <summary>The text of the file without the line end that editors add.</summary>
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
}
