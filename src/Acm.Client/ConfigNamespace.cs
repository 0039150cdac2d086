namespace Acm.Client;

/// <summary>A namespace, as the server lists it.</summary>
public sealed class ConfigNamespace
{
    /// <summary>The namespace ID; empty for the default one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name that people see.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; empty where nothing is said. Null where the server does not tell it, and in a change for the one that it has.</summary>
    public string? Description { get; init; } = "";

    /// <summary>How many configurations it has.</summary>
    public int ConfigCount { get; init; }

    /// <summary>How many configurations it may have; null where the server does not tell.</summary>
    public int? Quota { get; init; }

    /// <summary>Whether it is the default namespace, which can't be removed.</summary>
    public bool IsDefault => Namespace.Length == 0;

    /// <summary>The namespace ID; <c>public</c> for the default one.</summary>
    public override string ToString() => IsDefault ? "public" : Namespace;
}
