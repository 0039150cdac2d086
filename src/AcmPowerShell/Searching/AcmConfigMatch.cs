using Acm.Client;

namespace AcmPowerShell;

/// <summary>A line of a configuration's content that matches, as Search-AcmConfig found it.</summary>
public sealed class AcmConfigMatch
{
    // A field of an engine's enum would need the engine when the type is loaded, which is before the module's import has found it.
    private readonly AcmConfig _config;
    private readonly Lazy<string[]> _redacted;

    internal AcmConfigMatch(AcmConfig config, string[] lines, Lazy<string[]> redacted, int index, int before, int after)
    {
        _config = config;
        _redacted = redacted;
        LineNumber = index + 1;
        Line = lines[index];
        PreContext = [.. lines.Take(index).Skip(index - before)];
        PostContext = [.. lines.Skip(index + 1).Take(after)];
    }

    /// <summary>The namespace; empty for the blank one.</summary>
    public string Namespace => _config.Namespace;

    /// <summary>The group.</summary>
    public string Group => _config.Group;

    /// <summary>The data id.</summary>
    public string DataId => _config.DataId;

    /// <summary>Number of the line, from 1.</summary>
    public int LineNumber { get; }

    /// <summary>The line, without its line end.</summary>
    public string Line { get; }

    /// <summary>The same with <c>***</c> in place of secret values, for logs and screens.</summary>
    public string RedactedLine => _redacted.Value[LineNumber - 1];

    /// <summary>The lines before it that -Context asked for.</summary>
    public IReadOnlyList<string> PreContext { get; }

    /// <summary>The lines after it that -Context asked for.</summary>
    public IReadOnlyList<string> PostContext { get; }

    /// <summary>Whether a server, the failover folder or a snapshot answered.</summary>
    public ConfigSource Source => _config.Source;

    /// <summary>The line with the lines around it; where there are some, it is marked with a greater-than sign.</summary>
    public string Lines => PreContext.Count + PostContext.Count == 0
        ? Line
        : string.Join("\n", [.. PreContext.Select(line => "  " + line), "> " + Line, .. PostContext.Select(line => "  " + line)]);

    /// <summary>As Select-String prints it: <c>group/dataId:line number:line</c>.</summary>
    public override string ToString() => $"{Group}/{DataId}:{LineNumber}:{Line}";
}
