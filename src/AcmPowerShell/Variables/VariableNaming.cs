namespace AcmPowerShell;

/// <summary>How variables get their names and texts.</summary>
internal sealed class VariableNaming
{
    private readonly HashSet<string>? _allowed;

    /// <param name="allowed">The only names that variables may have; null or none for any.</param>
    internal VariableNaming(IReadOnlyCollection<string>? allowed) => _allowed = allowed is { Count: > 0 } ? new HashSet<string>(allowed, StringComparer.OrdinalIgnoreCase) : null;

    /// <summary>Put before each name.</summary>
    internal string Prefix { get; init; } = "";

    /// <summary>Put between the names of a path.</summary>
    internal string Separator { get; init; } = "_";

    /// <summary>Whether names stay in the case that they have.</summary>
    internal bool KeepCase { get; init; }

    /// <summary>Whether secrets of several lines become Base64.</summary>
    internal bool EncodeMultilineSecrets { get; init; }

    internal string Of(IEnumerable<string> path) => VariableNames.Of(Prefix, path, Separator, KeepCase);

    internal bool Allows(string name) => _allowed is null || _allowed.Contains(name);
}
