namespace Acm.Client;

/// <summary>Handles the spellings of the default namespace: blank, <c>public</c> and <c>[default]</c>.</summary>
public static class NamespaceName
{
    /// <summary>The default namespace in profiles and views.</summary>
    public const string Default = "[default]";

    /// <summary>Returns whether a namespace is the default one.</summary>
    /// <param name="name">A namespace ID as specified by the user; may be null.</param>
    public static bool IsDefault(string? name) => string.IsNullOrWhiteSpace(name) || name is "public" or Default;

    /// <summary>Returns the namespace ID in its internal form: empty for the default namespace.</summary>
    /// <param name="name">A namespace ID as specified by the user; may be null.</param>
    public static string Normalize(string? name) => IsDefault(name) ? "" : name!;

    /// <summary>Returns the namespace as messages name it.</summary>
    /// <param name="name">A namespace ID; empty or null for the default namespace.</param>
    public static string Describe(string? name) => string.IsNullOrEmpty(name) ? "the default namespace" : $"namespace '{name}'";
}
