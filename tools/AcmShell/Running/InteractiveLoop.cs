using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using AcmShell.Hosting;

namespace AcmShell.Running;

/// <summary>The prompt: reads a statement, over several lines where it is not complete, runs it, and again until <c>exit</c> or Ctrl+D.</summary>
internal sealed class InteractiveLoop(Runspace runspace, PipelineRunner pipelines, ShellHost host, Interruption interruption)
{
    private readonly LineEditor _editor = new();

    public int Run()
    {
        while (host.ExitCode is null && !interruption.Requested)
        {
            if (ReadStatement() is not { } statement) break;
            if (string.IsNullOrWhiteSpace(statement)) continue;

            interruption.Reset();
            pipelines.Run(new Command(statement, isScript: true, useLocalScope: false), addToHistory: true);
        }

        return interruption.Requested ? ExitCodes.Interrupted : host.ExitCode ?? ExitCodes.Success;
    }

    /// <summary>Null at the end of the input; empty where Ctrl+C gave up the statement.</summary>
    private string? ReadStatement()
    {
        string statement = string.Empty;
        while (true)
        {
            LineEditor.Line line = _editor.Read(statement.Length == 0 ? PromptText() : ">> ");
            if (line.Cancelled) return string.Empty;
            if (line.Text is null) return null;

            statement += line.Text;
            Parser.ParseInput(statement, out _, out ParseError[] errors);
            // An empty line ends a statement that never gets complete, so that its error can be shown.
            if (line.Text.Length == 0 || !errors.Any(e => e.IncompleteInput)) return statement;
            statement += "\n";
        }
    }

    private string PromptText() => $"PS {runspace.SessionStateProxy.Path.CurrentLocation.Path}> ";
}
