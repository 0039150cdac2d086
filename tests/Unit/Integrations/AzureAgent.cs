using System.Diagnostics;
using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Integrations;

/// <summary>
/// Runs the task and the step template like an agent of Azure Pipelines: inputs of the task are variables INPUT_NAME, those of the template are its env; commands name the files with summaries.
/// Sources: Microsoft's documentation of logging commands, predefined variables and templates.
/// </summary>
internal sealed class AzureAgent : IDisposable
{
    private readonly TemporaryFiles _folder = new();

    /// <summary>Runs the step of the template.</summary>
    /// <param name="isProcess">True for a process of its own, as in the agent; false for a shared one, where each exit code but 0 becomes 1 as in a process.</param>
    /// <param name="parameters">The parameters of the template.</param>
    public async Task<StepResult> RunTemplateAsync(bool isProcess, params (string Name, string Value)[] parameters)
    {
        var values = IntegrationFiles.Template.Tables("parameters").ToDictionary(p => (string)p["name"], p => p.TryGetValue("default", out object? value) ? (string)value : "");
        foreach ((string name, string value) in parameters)
        {
            Assert.Contains(name, values.Keys);
            values[name] = value;
        }

        Dictionary<object, object>[] steps = IntegrationFiles.Template.Tables("steps");
        string repository = Path.Combine(_folder.Path, (string)steps[0]["path"], "integrations");
        Directory.CreateDirectory(repository);
        File.Copy(IntegrationFiles.Script, Path.Combine(repository, "acm-step.ps1"), overwrite: true);
        Dictionary<string, string?> environment = IntegrationFiles.Resolve(steps[1], "parameters", values);
        string command = $". '{_folder.Write("step.ps1", (string)steps[1]["pwsh"])}'";
        if (isProcess) return await RunAsync("dotnet", [PowerShellProcess.PowerShellPath, "-NoProfile", "-NonInteractive", "-Command", command], environment);

        ShellResult result = await SharedShell.RunAsync(command, Complete(environment));
        Assert.Equal("", result.Errors);
        return ToResult(Math.Min(result.ExitCode, 1), result.Output);
    }

    /// <summary>Runs index.js in a packaged folder with pwsh on the path; returns null if Node.js is not installed.</summary>
    public async Task<StepResult?> RunTaskAsync(params (string Name, string Value)[] inputs)
    {
        if (Tool("node") is not { } node) return null;

        foreach (string source in (string[])[Path.Combine(IntegrationFiles.TaskFolder, "index.js"), IntegrationFiles.Script])
            File.Copy(source, Path.Combine(_folder.Path, Path.GetFileName(source)), overwrite: true);
        string shell = _folder.Write("bin/pwsh", $"#!/bin/sh\nexec dotnet '{PowerShellProcess.PowerShellPath}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(shell, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        using JsonDocument task = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(IntegrationFiles.TaskFolder, "task.json")));
        Dictionary<string, string?> environment = task.RootElement.GetProperty("inputs").EnumerateArray().ToDictionary(
            input => "INPUT_" + input.GetProperty("name").GetString()!.ToUpperInvariant(), input => input.GetProperty("defaultValue").GetString());
        foreach ((string name, string value) in inputs)
        {
            Assert.Contains("INPUT_" + name.ToUpperInvariant(), environment.Keys);
            environment["INPUT_" + name.ToUpperInvariant()] = value;
        }

        // A variable of the job that an earlier step may have set; not an input.
        environment["ACM_INPUT_GROUP"] = "PLANTED";
        environment["PATH"] = Path.GetDirectoryName(shell) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return await RunAsync(node, [Path.Combine(_folder.Path, "index.js")], environment);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<StepResult> RunAsync(string program, string[] arguments, Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        PowerShellProcess.SetEnvironment(start, Complete(environment));
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(2 * ModuleShell.Deadline);
        await process.WaitForExitAsync().WaitAsync(2 * ModuleShell.Deadline);

        Assert.Equal("", await errors);
        return ToResult(process.ExitCode, output);
    }

    private Dictionary<string, string?> Complete(Dictionary<string, string?> environment) => new(environment)
    {
        ["TF_BUILD"] = "True",
        ["AGENT_BUILDDIRECTORY"] = _folder.Path,
        ["AGENT_TEMPDIRECTORY"] = _folder.Path,
        ["GITHUB_ACTIONS"] = null,
    };

    private static StepResult ToResult(int exitCode, string output)
    {
        string[] lines = output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        const string Upload = "##vso[task.uploadsummary]";
        string summary = string.Concat(lines.Where(line => line.StartsWith(Upload, StringComparison.Ordinal)).Select(line => File.ReadAllText(line[Upload.Length..])));
        return new StepResult(exitCode, lines, summary);
    }

    private static string? Tool(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, name), Path.Combine(folder, name + ".exe")])
        .FirstOrDefault(File.Exists);
}
