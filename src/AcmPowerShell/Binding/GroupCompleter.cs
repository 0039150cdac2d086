using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes groups.</summary>
public sealed class GroupCompleter : KeyCompleter
{
    private protected override IEnumerable<(string Text, string Tip)> Find(IReadOnlyCollection<ConfigItem> keys, string? group) => keys
        .GroupBy(key => key.Group, StringComparer.Ordinal)
        .Select(same => (same.Key, $"Group with {same.Count()} configurations"));
}
