using Acm.Client;

namespace AcmPowerShell;

/// <summary>A matching line, as Search-AcmConfig returns it.</summary>
public sealed class AcmConfigMatch
{
    // Not an enum of the engine: such a field would load the engine before the import of the module registers its assembly resolver.
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

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace => _config.Namespace;

    /// <summary>Gets the group.</summary>
    public string Group => _config.Group;

    /// <summary>Gets the data ID.</summary>
    public string DataId => _config.DataId;

    /// <summary>Gets the line number, from 1.</summary>
    public int LineNumber { get; }

    /// <summary>Gets the line without its line ending.</summary>
    public string Line { get; }

    /// <summary>Gets the line with <c>***</c> in place of secret values.</summary>
    public string RedactedLine => _redacted.Value[LineNumber - 1];

    /// <summary>Gets the context lines before it.</summary>
    public IReadOnlyList<string> PreContext { get; }

    /// <summary>Gets the context lines after it.</summary>
    public IReadOnlyList<string> PostContext { get; }

    /// <summary>Gets the source of the content: a server, the failover folder or a snapshot.</summary>
    public ConfigSource Source => _config.Source;

    /// <summary>Gets the line with its context, in which a greater-than sign marks it.</summary>
    public string Lines => PreContext.Count + PostContext.Count == 0
        ? Line
        : string.Join("\n", [.. PreContext.Select(line => "  " + line), "> " + Line, .. PostContext.Select(line => "  " + line)]);

    /// <summary>Returns <c>group/dataId:line number:line</c>, as Select-String does for files.</summary>
    public override string ToString() => $"{Group}/{DataId}:{LineNumber}:{Line}";
}
