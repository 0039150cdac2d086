using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Decides which names denote secrets, for masked variables, redacted diffs and step summaries.</summary>
internal sealed class SecretNames
{
    /// <summary>The default of -SecretPattern. A pattern that starts with <c>!</c> is an exception to the others.</summary>
    internal static readonly IReadOnlyList<string> Defaults =
    [
        "*pass*", "*pwd*", "*secret*", "*token*", "*credential*", "*private*", "*authorization*", "*dsn*", "*key", "*api*key*", "*access*key*", "*connection*string*",
        "!*publickey", "!*public?key", "!*primarykey", "!*primary?key", "!*foreignkey", "!*foreign?key", "!*partitionkey", "!*partition?key", "!*routingkey", "!*routing?key", "!*sortkey", "!*sort?key",
    ];

    /// <summary>Maximum number of joined names to compare with an exception. A path can have hundreds.</summary>
    private const int MaxJoined = 8;

    private readonly WildcardPattern[] _secret;
    private readonly WildcardPattern[] _exceptions;

    /// <param name="patterns">The wildcards. Null for <see cref="Defaults"/>.</param>
    internal SecretNames(IEnumerable<string>? patterns = null)
    {
        string[] all = [.. patterns ?? Defaults];
        _secret = [.. all.Where(text => !IsException(text)).Select(Pattern)];
        _exceptions = [.. all.Where(IsException).Select(text => Pattern(text[1..]))];
    }

    /// <summary>Returns whether a name denotes a secret.</summary>
    internal bool Matches(string name) => IsSecret(name) && !IsExcepted(name) && !IsExcepted(name.Replace("__", "_"));

    /// <summary>
    /// Returns whether a path in a configuration denotes a secret, by the whole path or by one of its names. An exception that matches joined names overrides the last of them:
    /// rsa.public.key is a public key.
    /// </summary>
    internal bool Matches(IReadOnlyList<string> path)
    {
        for (int i = 0; i < path.Count; i++)
            if (IsSecret(path[i]) && !IsExcepted(path, i)) return true;
        return path.Count > 1 && IsSecret(string.Join(".", path)) && !IsExcepted(path, path.Count - 1);
    }

    private bool IsSecret(string name) => Array.Exists(_secret, pattern => pattern.IsMatch(name));

    private bool IsExcepted(string name) => Array.Exists(_exceptions, pattern => pattern.IsMatch(name));

    // Compares the name, and the name joined with those before it.
    private bool IsExcepted(IReadOnlyList<string> path, int last)
    {
        string joined = path[last];
        for (int first = last; ; joined = path[first] + "." + joined)
        {
            if (IsExcepted(joined)) return true;
            if (--first < 0 || last - first >= MaxJoined) return false;
        }
    }

    private static bool IsException(string text) => text.Length > 1 && text[0] == '!';

    private static WildcardPattern Pattern(string text) => WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
