using Acm.Tests.Support;

namespace Acm.Tests.Integrations;

/// <summary>
/// Runs action.yml as GitHub's runner runs a composite action with the shell pwsh: the inputs resolved, the script in a file of its own between the two lines that the runner adds, the files for variables,
/// outputs and the summary named by variables. Sources: GitHub's documentation of composite actions, workflow commands and shells.
/// </summary>
internal sealed class GitHubRunner : IDisposable
{
    private readonly TemporaryFiles _folder = new();

    public GitHubRunner()
    {
        EnvironmentFile = _folder.Write("github_env", "");
        OutputFile = _folder.Write("github_output", "");
    }

    public string EnvironmentFile { get; }

    public string OutputFile { get; }

    /// <summary>Runs the action's step.</summary>
    /// <param name="isProcess">True for a process of its own, as in the runner; false for a shared one, where each exit code but 0 becomes 1 as in a process.</param>
    /// <param name="inputs">The inputs of the action.</param>
    public async Task<StepResult> RunAsync(bool isProcess, params (string Name, string Value)[] inputs)
    {
        var values = IntegrationFiles.Action.Table("inputs").ToDictionary(
            pair => (string)pair.Key, pair => ((Dictionary<object, object>)pair.Value).TryGetValue("default", out object? value) ? (string)value : "");
        foreach ((string name, string value) in inputs)
        {
            Assert.Contains(name, values.Keys);
            values[name] = value;
        }

        Dictionary<object, object> step = Assert.Single(IntegrationFiles.Action.Table("runs").Tables("steps"));
        Assert.Equal("pwsh", step["shell"]);
        Dictionary<string, string?> environment = IntegrationFiles.Resolve(step, "inputs", values);
        string summary = _folder.Write("summary.md", "");
        environment["GITHUB_ACTIONS"] = "true";
        environment["GITHUB_ACTION_PATH"] = IntegrationFiles.ActionFolder;
        environment["GITHUB_ENV"] = EnvironmentFile;
        environment["GITHUB_OUTPUT"] = OutputFile;
        environment["GITHUB_STEP_SUMMARY"] = summary;
        environment["TF_BUILD"] = null;
        string file = _folder.Write("step.ps1", $"$ErrorActionPreference = 'stop'\n{step["run"]}\nif ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) {{ exit $LASTEXITCODE }}");

        ShellResult result = isProcess ? await PowerShellProcess.RunAsync(["-NonInteractive", "-Command", $". '{file}'"], environment: environment) : await SharedShell.RunAsync($". '{file}'", environment);

        Assert.Equal("", result.Errors);
        return new StepResult(isProcess ? result.ExitCode : Math.Min(result.ExitCode, 1), result.Output.Split('\n'), await File.ReadAllTextAsync(summary));
    }

    public void Dispose() => _folder.Dispose();
}
