namespace HelpBuilder;

/// <summary>The exception for a page that cannot be read or written.</summary>
internal sealed class HelpException(string file, string message, Exception? inner = null) : Exception(message, inner)
{
    public string File { get; } = file;
}
