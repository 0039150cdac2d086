using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Docs;

/// <summary>The exported commands of the staged module.</summary>
internal static class ModuleCommands
{
    public static IReadOnlyList<CmdletInfo> All { get; } = Load();

    public static CmdletInfo Named(string name) => All.First(command => command.Name == name);

    private static List<CmdletInfo> Load()
    {
        using ModuleShell shell = ModuleShell.Open();
        return [.. shell.Run("Get-Command -Module Acm").ThrowOnError().Output.Select(o => (CmdletInfo)o.BaseObject)];
    }
}
