namespace Acm.Client.Profiles;

/// <summary>What a profile may be called.</summary>
public static class ProfileName
{
    /// <summary>How long a name may be, in characters.</summary>
    public const int Longest = 128;

    /// <summary>What is wrong with a name; null where nothing is. A colon is kept for <c>endpoint:namespace</c>, which is no name.</summary>
    public static string? Fault(string name)
    {
        if (name.Length == 0) return "A profile needs a name.";
        if (name.Length > Longest) return $"The profile name has {name.Length} characters; at most {Longest} are allowed.";
        if (name.IndexOf(':') >= 0) return $"The profile name '{name}' holds a colon, which is for endpoint:namespace.";
        if (name.IndexOfAny(['*', '?']) >= 0) return $"The profile name '{name}' holds a wildcard character.";
        if (name.Any(char.IsControl)) return "The profile name holds a control character.";
        return name.Trim().Length < name.Length ? $"The profile name '{name}' begins or ends with white space." : null;
    }

    /// <summary>The name that a profile gets where it is given none: its namespace, else its endpoint and namespace, as the Python command line has it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="isTaken">Whether another profile has a name.</param>
    /// <returns>The name; null where both are taken.</returns>
    public static string? For(string endpoint, string @namespace, Func<string, bool> isTaken)
    {
        string ofNamespace = NamespaceName.IsDefault(@namespace) ? NamespaceName.Default : @namespace;
        string ofBoth = string.Concat((endpoint + "-" + ofNamespace).Select(c => c is ':' or '/' or '*' or '?' || char.IsWhiteSpace(c) ? '-' : c));
        return new[] { ofNamespace, ofBoth }.FirstOrDefault(name => Fault(name) is null && !isTaken(name));
    }
}
