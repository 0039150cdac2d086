using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Acm.Benchmarks;

/// <summary>A PowerShell runspace with the staged module.</summary>
internal sealed class ModuleRunspace : IDisposable
{
    private readonly Runspace _runspace;

    public ModuleRunspace()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(Staged.Manifest);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>Gets the events of the runspace.</summary>
    public PSEventManager Events => _runspace.Events;

    /// <summary>Runs a script with arguments, and throws its first error.</summary>
    /// <returns>The last object of its output.</returns>
    public object? Run(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript("$ErrorActionPreference = 'Stop'\n" + script);
        foreach (object argument in arguments) shell.AddArgument(argument);
        return shell.Invoke().LastOrDefault()?.BaseObject;
    }

    public void Dispose() => _runspace.Dispose();
}
