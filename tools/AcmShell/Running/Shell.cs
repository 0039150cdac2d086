using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using AcmShell.CommandLine;
using AcmShell.Hosting;

namespace AcmShell.Running;

/// <summary>One run of the shell, from the opened engine to the exit code.</summary>
internal sealed class Shell : IDisposable
{
    private readonly ShellOptions _options;
    private readonly ShellHost _host;
    private readonly Interruption _interruption;
    private readonly Runspace _runspace;
    private readonly PipelineRunner _pipelines;

    public Shell(ShellOptions options)
    {
        _options = options;
        // Without a script and with a person at the other end, the shell is a prompt.
        IsPrompt = options is { File: null, Command: null } && Terminal.ForInput && !options.NonInteractive;
        var userInterface = new ShellUserInterface(options.NonInteractive);
        _host = new ShellHost(userInterface);
        _interruption = new Interruption(() => _pipelines?.Stop() ?? false, survives: IsPrompt);
        _runspace = Session.Open(_host);
        _pipelines = new PipelineRunner(_runspace, userInterface);
    }

    private bool IsPrompt { get; }

    public int Run()
    {
        if (!_options.NoModule && !ImportModule()) return ExitCodes.Failure;
        if (_interruption.Requested) return ExitCodes.Interrupted;
        if (_options.File is { } file) return RunFile(file);
        if (IsPrompt) return new InteractiveLoop(_runspace, _pipelines, _host, _interruption).Run();
        return RunText(_options.Command is null or "-" ? Console.In.ReadToEnd() : _options.Command);
    }

    public void Dispose()
    {
        _runspace.Dispose();
        _interruption.Dispose();
    }

    private bool ImportModule()
    {
        if (!File.Exists(ModuleLocation.Manifest))
        {
            _host.UI.WriteErrorLine(
                $"There is no module Acm in '{ModuleLocation.Folder}'. A build stages it there; -NoModule goes on without it.");
            return false;
        }

        var import = new Command("Import-Module");
        import.Parameters.Add("Name", ModuleLocation.Manifest);
        import.Parameters.Add("ErrorAction", ActionPreference.Stop);
        return _pipelines.Run(import) == Outcome.Completed;
    }

    private int RunFile(string path)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            _host.UI.WriteErrorLine($"There is no script file '{path}'.");
            return ExitCodes.Usage;
        }

        ScriptBlock script;
        try
        {
            script = Parser.ParseFile(full, out _, out ParseError[] errors) is { } parsed && errors.Length == 0
                ? parsed.GetScriptBlock()
                : throw new ParseException(errors);
        }
        catch (ParseException e)
        {
            _pipelines.Report(e);
            return ExitCodes.Failure;
        }

        // As a function the script's 'exit' ends the shell; run by its path, it would only set $LASTEXITCODE. The block knows
        // its file, so $PSScriptRoot, $PSCommandPath and the positions in errors are the file's.
        string name = Path.GetFileName(full);
        _runspace.SessionStateProxy.InvokeProvider.Item.Set([$"function:{name}"], script, force: true, literalPath: true);
        var command = new Command(name, isScript: false, useLocalScope: false);
        foreach (CommandParameter parameter in ScriptArguments.Bind(_options.ScriptArguments)) command.Parameters.Add(parameter);
        return ExitCode(_pipelines.Run(command), succeeded: true);
    }

    private int RunText(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return ExitCodes.Success;
        Outcome outcome = _pipelines.Run(new Command(text, isScript: true, useLocalScope: false), addToHistory: true);
        return ExitCode(outcome, succeeded: _runspace.SessionStateProxy.GetVariable("?") is true);
    }

    private int ExitCode(Outcome outcome, bool succeeded)
    {
        if (outcome == Outcome.Stopped || _interruption.Requested) return ExitCodes.Interrupted;
        if (_host.ExitCode is { } asked) return asked;
        return outcome == Outcome.Completed && succeeded ? ExitCodes.Success : ExitCodes.Failure;
    }
}
