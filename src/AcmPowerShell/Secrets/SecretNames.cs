using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Which names stand for secrets: the one judgement behind masked variables, redacted diffs and step summaries.</summary>
internal sealed class SecretNames
{
    /// <summary>The default of -SecretPattern. A pattern that begins with <c>!</c> is an exception to the others.</summary>
    internal static readonly IReadOnlyList<string> Defaults =
    [
        "*pass*", "*pwd*", "*secret*", "*token*", "*credential*", "*private*", "*authorization*", "*dsn*", "*key", "*api*key*", "*access*key*", "*connection*string*",
        "!*publickey", "!*public?key", "!*primarykey", "!*primary?key", "!*foreignkey", "!*foreign?key", "!*partitionkey", "!*partition?key", "!*routingkey", "!*routing?key", "!*sortkey", "!*sort?key",
    ];

    private readonly WildcardPattern[] _secret;
    private readonly WildcardPattern[] _exceptions;

    /// <param name="patterns">Wildcards; null for <see cref="Defaults"/>.</param>
    internal SecretNames(IEnumerable<string>? patterns = null)
    {
        string[] all = [.. patterns ?? Defaults];
        _secret = [.. all.Where(text => !IsException(text)).Select(Pattern)];
        _exceptions = [.. all.Where(IsException).Select(text => Pattern(text[1..]))];
    }

    /// <summary>Whether a name stands for a secret.</summary>
    internal bool Matches(string name) => Array.Exists(_secret, pattern => pattern.IsMatch(name)) && !Array.Exists(_exceptions, pattern => pattern.IsMatch(name));

    /// <summary>Whether a place in a configuration is secret: by its whole path, or by any name on the way to it.</summary>
    internal bool Matches(IReadOnlyList<string> path) => path.Count > 0 && (path.Any(Matches) || (path.Count > 1 && Matches(string.Join(".", path))));

    private static bool IsException(string text) => text.Length > 1 && text[0] == '!';

    private static WildcardPattern Pattern(string text) => WildcardPattern.Get(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
}
