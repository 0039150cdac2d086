using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes groups: those that contain the specified data ID, or all groups if none does.</summary>
public sealed class GroupCompleter : KeyCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Find(IReadOnlyCollection<ConfigItem> keys, string commandName, string? dataId, string? group)
    {
        WildcardPattern? dataIds = dataId is null ? null : WildcardPattern.Get(dataId, WildcardOptions.CultureInvariant);
        ConfigItem[] matching = [.. keys.Where(key => dataIds is null || dataIds.IsMatch(key.DataId))];
        return (matching.Length == 0 ? keys : matching)
            .GroupBy(key => key.Group, StringComparer.Ordinal)
            .Select(same => (same.Key, $"Group with {same.Count()} configurations"));
    }
}
