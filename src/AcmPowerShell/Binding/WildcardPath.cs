using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Detects wildcards in paths.</summary>
internal static class WildcardPath
{
    private const string DevicePrefix = @"\\?\";

    /// <summary>Returns whether a path contains wildcards. The question mark in the prefix <c>\\?\</c> of Windows paths is not a wildcard.</summary>
    internal static bool Is(string path) => WildcardPattern.ContainsWildcardCharacters(IsDevice(path) ? path[DevicePrefix.Length..] : path);

    /// <summary>Returns whether PowerShell would mistake a path for a wildcard.</summary>
    internal static bool OnlyLooksSo(string path) => IsDevice(path) && !Is(path);

    private static bool IsDevice(string path) => path.StartsWith(DevicePrefix, StringComparison.Ordinal);
}
