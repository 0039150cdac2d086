using System.Runtime.CompilerServices;

namespace Acm.Tests.Support;

/// <summary>The tests' own place for what Acm keeps in the user's folders, for this process and those it starts: nothing of the user's is read or written.</summary>
internal static class UserFolders
{
    [ModuleInitializer]
    internal static void Move()
    {
        if (OperatingSystem.IsWindows()) return;

        string folder = Directory.CreateTempSubdirectory("acm-tests-user-").FullName;
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", Path.Combine(folder, "data"));
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", Path.Combine(folder, "config"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
