namespace AcmPowerShell;

/// <summary>A value in a configuration with its path. The path is empty for the whole content.</summary>
internal sealed record ContentValue(IReadOnlyList<string> Path, string Value)
{
    /// <summary>Gets the number of its first line, from 1, or 0 if it is unknown.</summary>
    public int Line { get; init; }

    /// <summary>Gets whether a trailing comment was removed.</summary>
    public bool HadComment { get; init; }

    /// <summary>Returns the path. The value can be a secret.</summary>
    public override string ToString() => string.Join(".", Path);
}
