using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Docs;

/// <summary>Runs the examples of all pages once, in one shell, against two real servers.</summary>
public sealed class ExampleRun : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, (string[] Output, string? Failure)> _rows = [];
    private readonly TemporaryFiles _files = new();
    private string _shellErrors = "";

    public async ValueTask InitializeAsync()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartAsync();
        await using AcmServerProcess second = await AcmServerProcess.StartAsync();
        var hosts = new ExampleHosts(server.Uri.Authority, second.Uri.Authority);
        var examples = DocsFolder.Pages.SelectMany(page => page.Examples.Select(example => new
        {
            id = Id(page.Name, example.Number),
            setUp = hosts.ToReal(ExampleSet.SetUp(page, example)),
            code = ExampleSet.Steps(example).Select(step => hosts.ToReal(step.Code)).ToArray(),
        }));
        string list = _files.Write("examples.json", JsonSerializer.Serialize(examples));
        string script = _files.Write("examples.ps1", ExampleScript.Text);
        string work = Directory.CreateDirectory(Path.Combine(_files.Path, "work")).FullName;

        ShellResult run = await PowerShellProcess.RunAsync(["-NonInteractive", script, list, work, server.Uri.Authority, second.Uri.Authority], deadline: Deadline);

        _shellErrors = run.Errors;
        foreach (string line in run.Output.Split('\n').Where(line => line.StartsWith("ROW ", StringComparison.Ordinal)))
        {
            JsonElement row = JsonDocument.Parse(line[4..]).RootElement;
            string[] output = [.. row.GetProperty("output").EnumerateArray().Select(text => hosts.ToPage(text.GetString() ?? "").Replace(work, "", StringComparison.Ordinal))];
            _rows[row.GetProperty("id").GetString()!] = (output, row.GetProperty("failure").GetString());
        }
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns the output of each block of an example; throws if the example failed.</summary>
    internal IReadOnlyList<string> Output(string command, int number)
    {
        if (!_rows.TryGetValue(Id(command, number), out (string[] Output, string? Failure) row))
            throw new InvalidOperationException("The example was not reached. The shell said: " + _shellErrors);

        Assert.True(row.Failure is null, row.Failure);
        return row.Output;
    }

    private static string Id(string command, int number) => $"{command}-{number}";
}
