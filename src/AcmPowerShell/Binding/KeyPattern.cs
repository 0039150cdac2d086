using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Keys chosen by wildcards. Names are compared ordinally, as the servers do.</summary>
internal sealed class KeyPattern(IEnumerable<string> dataIds, IEnumerable<string> groups)
{
    private readonly WildcardPattern[] _dataIds = Patterns(dataIds);
    private readonly WildcardPattern[] _groups = Patterns(groups);

    internal KeyPattern(string dataId, string group)
        : this([dataId], [group])
    {
    }

    internal bool Matches(ConfigItem item) => Any(_dataIds, item.DataId) && Any(_groups, item.Group);

    private static WildcardPattern[] Patterns(IEnumerable<string> texts) =>
        [.. texts.Select(text => WildcardPattern.Get(text, WildcardOptions.CultureInvariant))];

    private static bool Any(WildcardPattern[] patterns, string name)
    {
        foreach (WildcardPattern pattern in patterns)
            if (pattern.IsMatch(name)) return true;
        return false;
    }
}
