namespace Acm.Client;

/// <summary>The spellings of the default namespace: nothing, <c>public</c> and <c>[default]</c> are one namespace to the user.</summary>
public static class NamespaceName
{
    /// <summary>The default namespace as profiles and views show it.</summary>
    public const string Default = "[default]";

    /// <summary>Returns whether a namespace is the default one.</summary>
    /// <param name="name">A namespace ID as the user spells it; may be null.</param>
    public static bool IsDefault(string? name) => string.IsNullOrWhiteSpace(name) || name is "public" or Default;

    /// <summary>Returns the namespace ID as the engine keeps it: empty for the default namespace.</summary>
    /// <param name="name">A namespace ID as the user spells it; may be null.</param>
    public static string Normalize(string? name) => IsDefault(name) ? "" : name!;

    /// <summary>Returns the namespace as a sentence names it.</summary>
    /// <param name="name">A namespace ID; empty or null for the default namespace.</param>
    public static string Describe(string? name) => string.IsNullOrEmpty(name) ? "the default namespace" : $"namespace '{name}'";
}
