using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Tells paths that are wildcards from those that only look so.</summary>
internal static class WildcardPath
{
    private const string DevicePrefix = @"\\?\";

    /// <summary>Whether a path may name several things. The question mark of <c>\\?\C:\…</c>, as Windows spells long paths, is not a wildcard.</summary>
    internal static bool Is(string path) => WildcardPattern.ContainsWildcardCharacters(IsDevice(path) ? path[DevicePrefix.Length..] : path);

    /// <summary>Whether PowerShell would take a path for a wildcard that is none.</summary>
    internal static bool OnlyLooksSo(string path) => IsDevice(path) && !Is(path);

    private static bool IsDevice(string path) => path.StartsWith(DevicePrefix, StringComparison.Ordinal);
}
