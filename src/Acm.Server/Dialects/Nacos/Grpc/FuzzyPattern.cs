using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// A pattern of a fuzzy watch, <c>namespace&gt;&gt;group&gt;&gt;dataId</c>. A <c>*</c> is a wildcard only at the start or the end of a part, or as the whole part. Recorded from Nacos 3.0.3.
/// </summary>
internal sealed class FuzzyPattern
{
    private const string Separator = ">>";
    private const int Parts = 3;

    private readonly string[] _parts;

    private FuzzyPattern(string[] parts) => _parts = parts;

    /// <summary>Gets the namespace; null if the pattern does not name one, in which case nothing matches.</summary>
    public string? Tenant => _parts[0].Length == 0 || _parts[0] == "*" ? null : ConfigOperations.Tenant(_parts[0]);

    /// <summary>Returns the number of parts of a malformed pattern, which Nacos puts into its error message; null if the pattern is valid.</summary>
    public static int? Malformed(string pattern) => pattern.Length > 0 && pattern.Split(Separator).Length is var parts and < Parts ? parts : null;

    public static FuzzyPattern Parse(string pattern)
    {
        string[] parts = pattern.Split(Separator, Parts);
        return new FuzzyPattern(parts.Length == Parts ? parts : ["", "", ""]);
    }

    public bool Matches(ConfigKey key) => Tenant is { } tenant && key.Tenant == tenant && Matches(_parts[1], key.Group) && Matches(_parts[2], key.DataId);

    private static bool Matches(string pattern, string name)
    {
        bool open = pattern.StartsWith('*');
        bool openEnd = pattern.Length > 1 && pattern.EndsWith('*');
        ReadOnlySpan<char> literal = pattern.AsSpan(open ? 1 : 0, pattern.Length - (open ? 1 : 0) - (openEnd ? 1 : 0));
        return (open, openEnd) switch
        {
            (true, true) => name.AsSpan().Contains(literal, StringComparison.Ordinal),
            (true, false) => name.AsSpan().EndsWith(literal, StringComparison.Ordinal),
            (false, true) => name.AsSpan().StartsWith(literal, StringComparison.Ordinal),
            _ => name.AsSpan().Equals(literal, StringComparison.Ordinal),
        };
    }
}
