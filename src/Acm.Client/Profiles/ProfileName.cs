namespace Acm.Client.Profiles;

/// <summary>Validates and creates profile names.</summary>
public static class ProfileName
{
    /// <summary>Maximum length of a name, in characters.</summary>
    public const int Longest = 128;

    /// <summary>Returns why a name is not valid; null if it is. Colons are reserved for <c>endpoint:namespace</c>.</summary>
    public static string? Fault(string name)
    {
        if (name.Length == 0) return "A profile needs a name.";
        if (name.Length > Longest) return $"The profile name has {name.Length} characters; at most {Longest} are allowed.";
        if (name.IndexOf(':') >= 0) return $"The profile name '{name}' contains a colon, which is reserved for endpoint:namespace.";
        if (name.IndexOfAny(['*', '?']) >= 0) return $"The profile name '{name}' contains a wildcard character.";
        if (name.Any(char.IsControl)) return "The profile name contains a control character.";
        return name.Trim().Length < name.Length ? $"The profile name '{name}' begins or ends with white space." : null;
    }

    /// <summary>Returns a default name: the namespace, or else endpoint and namespace, as in the Python command line.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="isTaken">Returns whether a name is in use.</param>
    /// <returns>The name; null if both are in use.</returns>
    public static string? For(string endpoint, string @namespace, Func<string, bool> isTaken)
    {
        string ofNamespace = NamespaceName.IsDefault(@namespace) ? NamespaceName.Default : @namespace;
        string ofBoth = string.Concat((endpoint + "-" + ofNamespace).Select(c => c is ':' or '/' or '*' or '?' || char.IsWhiteSpace(c) ? '-' : c));
        return new[] { ofNamespace, ofBoth }.FirstOrDefault(name => Fault(name) is null && !isTaken(name));
    }
}
