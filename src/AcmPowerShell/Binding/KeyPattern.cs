using System.Management.Automation;
using System.Text;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Keys chosen by wildcards. Names are compared ordinally, as the servers do.</summary>
internal sealed class KeyPattern(IEnumerable<string> dataIds, IEnumerable<string> groups)
{
    private readonly string[] _dataIdTexts = [.. dataIds];
    private readonly string[] _groupTexts = [.. groups];
    private readonly WildcardPattern[] _dataIds = Patterns(dataIds);
    private readonly WildcardPattern[] _groups = Patterns(groups);

    /// <summary>The same as the engine's filter, so that servers can preselect.</summary>
    internal ConfigFilter ToFilter() => new() { DataId = Only(_dataIdTexts), Group = Only(_groupTexts), Key = Matches };

    internal bool Matches(ConfigKey key) => Any(_dataIds, key.DataId) && Any(_groups, key.Group);

    /// <summary>The pattern, looked at.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> where it is none, as a bracket that is not closed.</exception>
    internal static WildcardPattern Parse(string text)
    {
        // It would match nothing, without a word.
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
            // It is taken apart at its first use.
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException e)
        {
            throw new AcmException(
                AcmErrorKind.InvalidKey, $"'{text}' is not a valid wildcard pattern: [ starts a range of characters, such as [a-z].", e);
        }
    }

    /// <summary>The one pattern with any character in place of a range; null where there are several, or it has an escape.</summary>
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
