using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes data IDs, of the specified group or of all groups. For commands that default to one group, those of other groups are offered as <c>group/dataId</c>.</summary>
public sealed class DataIdCompleter : KeyCompleter
{
    private static readonly HashSet<string> DefaultGroupCommands = new(StringComparer.OrdinalIgnoreCase)
    {
        "Get-AcmConfig", "Get-AcmConfigHistory", "Set-AcmConfig", "Remove-AcmConfig", "Restore-AcmConfig", "Register-AcmWatcher", "Watch-AcmConfig", "Export-AcmEnvironment",
    };

    private protected override IEnumerable<(string Text, string Tip)> Find(IReadOnlyCollection<ConfigItem> keys, string commandName, string? dataId, string? group)
    {
        WildcardPattern? groups = group is null ? null : WildcardPattern.Get(group, WildcardOptions.CultureInvariant);
        bool needsGroup = group is null && DefaultGroupCommands.Contains(commandName);
        return keys
            .Where(key => groups is null || groups.IsMatch(key.Group))
            .GroupBy(key => needsGroup && key.Group != ConfigKey.DefaultGroup ? key.Key.ToString() : key.DataId, StringComparer.Ordinal)
            .Select(same => (same.Key, "Data ID in group " + string.Join(", ", same.Select(key => key.Group))));
    }
}
