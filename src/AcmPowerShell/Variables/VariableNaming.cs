namespace AcmPowerShell;

/// <summary>The naming options of variables.</summary>
internal sealed class VariableNaming
{
    private readonly HashSet<string>? _allowed;

    /// <summary>Creates the options.</summary>
    /// <param name="allowed">The allowed names. Null or empty for any.</param>
    internal VariableNaming(IReadOnlyCollection<string>? allowed) => _allowed = allowed is { Count: > 0 } ? new HashSet<string>(allowed, StringComparer.OrdinalIgnoreCase) : null;

    /// <summary>Gets the prefix of all names.</summary>
    internal string Prefix { get; init; } = "";

    /// <summary>Gets the separator between the names of a path.</summary>
    internal string Separator { get; init; } = "_";

    /// <summary>Gets whether to keep the case of names.</summary>
    internal bool KeepCase { get; init; }

    /// <summary>Gets whether to encode multiline secrets as Base64.</summary>
    internal bool EncodeMultilineSecrets { get; init; }

    internal string Of(IEnumerable<string> path) => VariableNames.Of(Prefix, path, Separator, KeepCase);

    internal bool Allows(string name) => _allowed is null || _allowed.Contains(name);
}
