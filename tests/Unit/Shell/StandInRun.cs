using System.Globalization;
using System.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Shell;

/// <summary>Runs every case of <see cref="StandInCases"/> in one shell, because a start costs more than a hundred cases.</summary>
public sealed class StandInRun : IAsyncLifetime
{
    private const string Mark = "\u0001";

    private readonly ScriptFolder _folder = new();
    private Dictionary<string, string> _outputs = [];

    /// <summary>What a case wrote, errors included, formatted as on the screen; without blank lines around it.</summary>
    public string OutputOf(string name) => _outputs[name];

    public async ValueTask InitializeAsync()
    {
        var script = new StringBuilder();
        foreach (StandInCase testCase in StandInCases.All)
        {
            // Each case has an empty folder of its own as the current one.
            script.AppendLine(CultureInfo.InvariantCulture, $$"""
                $here = '{{Path.Combine(_folder.Path, testCase.Name)}}'
                $null = [IO.Directory]::CreateDirectory($here)
                $null = $ExecutionContext.SessionState.Path.SetLocation($here)
                [Console]::Write('{{Mark}}{{testCase.Name}}{{Mark}}')
                & {
                {{testCase.Script}}
                } *>&1 | Out-String | ForEach-Object { [Console]::Write($_) }
                """);
        }

        string file = _folder.Write("cases.ps1", script.ToString());
        ShellResult result = await AcmShellProcess.RunAsync(["-NoModule", file]);
        string[] parts = result.Output.Split(Mark)[1..];
        _outputs = parts.Chunk(2).ToDictionary(
            p => p[0], p => p[1].Replace(Path.Combine(_folder.Path, p[0]), "HERE", StringComparison.Ordinal).Trim('\n'));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
