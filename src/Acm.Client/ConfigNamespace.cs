namespace Acm.Client;

/// <summary>A namespace, as the server lists it.</summary>
public sealed class ConfigNamespace
{
    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the display name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the description; empty for none. Null if the server does not report it, or to keep the current one in an update.</summary>
    public string? Description { get; init; } = "";

    /// <summary>Gets the number of configurations.</summary>
    public int ConfigCount { get; init; }

    /// <summary>Gets the maximum number of configurations; null if the server does not report it.</summary>
    public int? Quota { get; init; }

    /// <summary>Gets whether it is the default namespace, which cannot be removed.</summary>
    public bool IsDefault => Namespace.Length == 0;

    /// <summary>Returns the namespace ID; <c>public</c> for the default namespace.</summary>
    public override string ToString() => IsDefault ? "public" : Namespace;
}
