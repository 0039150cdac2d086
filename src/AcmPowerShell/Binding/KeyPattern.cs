using System.Management.Automation;
using System.Text;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Matches keys against wildcards. Names are compared ordinally, as on the servers.</summary>
internal sealed class KeyPattern(IEnumerable<string> dataIds, IEnumerable<string> groups)
{
    private readonly string[] _dataIdTexts = [.. dataIds];
    private readonly string[] _groupTexts = [.. groups];
    private readonly WildcardPattern[] _dataIds = Patterns(dataIds);
    private readonly WildcardPattern[] _groups = Patterns(groups);

    /// <summary>Returns a filter for the engine, so that servers can preselect.</summary>
    internal ConfigFilter ToFilter() => new() { DataId = Only(_dataIdTexts), Group = Only(_groupTexts), Key = Matches };

    internal bool Matches(ConfigKey key) => Any(_dataIds, key.DataId) && Any(_groups, key.Group);

    /// <summary>Parses a wildcard pattern.</summary>
    /// <exception cref="AcmException">The pattern is not valid (<see cref="AcmErrorKind.InvalidKey"/>), for example because a bracket is not closed.</exception>
    internal static WildcardPattern Parse(string text)
    {
        // Rejected, because it would never match.
        if (text.IndexOf('/') >= 0)
        {
            throw new AcmException(AcmErrorKind.InvalidKey, $"'{text}' is not a valid wildcard pattern: no name contains a slash.")
            {
                Advice = "Specify the group with -Group. One argument for both, as in group/dataId, works for names without wildcards.",
            };
        }

        WildcardPattern pattern = WildcardPattern.Get(text, WildcardOptions.CultureInvariant);
        try
        {
            // WildcardPattern parses at its first use.
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException e)
        {
            throw new AcmException(
                AcmErrorKind.InvalidKey, $"'{text}' is not a valid wildcard pattern: [ starts a range of characters, such as [a-z].", e);
        }
    }

    /// <summary>Returns the only pattern, with a question mark for each range, or null if there are several or it contains an escape.</summary>
    private static string? Only(string[] texts)
    {
        if (texts is not [{ } text] || text.IndexOf('`') >= 0) return null;

        var pattern = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int end = text[i] == '[' ? text.IndexOf(']', i) : -1;
            pattern.Append(end < 0 ? text[i] : '?');
            if (end >= 0) i = end;
        }

        return pattern.ToString();
    }

    private static WildcardPattern[] Patterns(IEnumerable<string> texts) => [.. texts.Select(Parse)];

    private static bool Any(WildcardPattern[] patterns, string name)
    {
        foreach (WildcardPattern pattern in patterns)
            if (pattern.IsMatch(name)) return true;
        return false;
    }
}
