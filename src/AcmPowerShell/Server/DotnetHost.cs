using System.Runtime.InteropServices;

namespace AcmPowerShell;

/// <summary>Finds the dotnet program.</summary>
internal static class DotnetHost
{
    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static string Program => IsWindows ? "dotnet.exe" : "dotnet";

    /// <summary>Returns its path, or null. If DOTNET_ROOT is set, only that folder is searched, as by every .NET program.</summary>
    internal static string? Find()
    {
        string? root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return (string.IsNullOrEmpty(root) ? Places() : [root!]).Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Places()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            if (folder.Length > 0 && Path.IsPathRooted(folder)) yield return folder;

        if (IsWindows)
        {
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet");
            yield break;
        }

        yield return "/usr/share/dotnet";
        yield return "/usr/lib/dotnet";
        yield return "/usr/local/share/dotnet";
        yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet");
    }
}
