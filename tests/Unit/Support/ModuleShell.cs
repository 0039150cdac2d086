using System.Management.Automation.Runspaces;

namespace Acm.Tests.Support;

/// <summary>A runspace with all that PowerShell has by default, and the staged module. Its engine's types are only touched by name: they may live in a context of their own.</summary>
internal sealed class ModuleShell : IDisposable
{
    /// <summary>Only what hangs reaches it, on a machine that has ten other things to do as well.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    // Copied by each runspace, which takes less time than making it anew.
    private static readonly InitialSessionState Defaults = InitialSessionState.CreateDefault();

    private ModuleShell(Runspace runspace) => Runspace = runspace;

    /// <summary>The staged manifest.</summary>
    public static string Manifest { get; } = Path.Combine(FindRepository(), "out", "Acm", "Acm.psd1");

    public Runspace Runspace { get; }

    /// <summary>Opens a runspace and imports the module.</summary>
    public static ModuleShell Open(bool imports = true)
    {
        Runspace runspace = RunspaceFactory.CreateRunspace(Defaults);
        runspace.Open();
        var shell = new ModuleShell(runspace);
        if (imports) shell.Run($"Import-Module '{Manifest}'").ThrowOnError();
        return shell;
    }

    public object? this[string variable]
    {
        get => Runspace.SessionStateProxy.GetVariable(variable);
        set => Runspace.SessionStateProxy.SetVariable(variable, value);
    }

    /// <summary>Where relative paths of its commands start.</summary>
    public string Location
    {
        set => Runspace.SessionStateProxy.Path.SetLocation(value);
    }

    /// <summary>Runs a script to its end.</summary>
    public ModuleResult Run(string script, params object?[] input) => Start(script, input).WaitForEnd();

    /// <summary>Starts a script.</summary>
    public RunningScript Start(string script, params object?[] input) => new(Runspace, script, input);

    public void Dispose() => Runspace.Dispose();

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Acm.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
