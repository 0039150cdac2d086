using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes data ids: of the group that was given, or of all.</summary>
public sealed class DataIdCompleter : KeyCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Find(IReadOnlyCollection<ConfigItem> keys, string? group)
    {
        WildcardPattern? groups = group is null ? null : WildcardPattern.Get(group, WildcardOptions.CultureInvariant);
        return keys
            .Where(key => groups is null || groups.IsMatch(key.Group))
            .GroupBy(key => key.DataId, StringComparer.Ordinal)
            .Select(same => (same.Key, "Data id in group " + string.Join(", ", same.Select(key => key.Group))));
    }
}
