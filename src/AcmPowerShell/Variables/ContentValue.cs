namespace AcmPowerShell;

/// <summary>A value in a configuration, and the names on the way to it; none for the whole content.</summary>
internal sealed record ContentValue(IReadOnlyList<string> Path, string Value)
{
    /// <summary>The line that it begins in, from 1; 0 where that is not known.</summary>
    public int Line { get; init; }

    /// <summary>Whether a comment behind it was taken off.</summary>
    public bool HadComment { get; init; }

    /// <summary>The path, never the value: it may be a secret.</summary>
    public override string ToString() => string.Join(".", Path);
}
