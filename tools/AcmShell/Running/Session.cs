using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using AcmShell.Hosting;

namespace AcmShell.Running;

/// <summary>Opens the runspace: the core engine, the stand-ins for commands that it lacks, and a module path of its own.</summary>
internal static class Session
{
    public static Runspace Open(ShellHost host)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        foreach (Type type in typeof(Session).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is not { } cmdlet) continue;
            string name = $"{cmdlet.VerbName}-{cmdlet.NounName}";
            if (state.Commands[name].Count == 0) state.Commands.Add(new SessionStateCmdletEntry(name, type, helpFileName: null));
        }

        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;

        Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.Open();
        // Opening has put the folders of an installed PowerShell on the path. Its modules have the real versions of commands
        // that the engine lacks here, and what they need is not there.
        Environment.SetEnvironmentVariable("PSModulePath", ModuleLocation.Folder);
        Runspace.DefaultRunspace = runspace;
        return runspace;
    }
}
