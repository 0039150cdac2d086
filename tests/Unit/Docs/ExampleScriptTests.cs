using Acm.Tests.Support;

namespace Acm.Tests.Docs;

/// <summary>The scripts in examples/ without their own tests run unchanged against test servers.</summary>
public sealed class ExampleScriptTests
{
    [Fact]
    public async Task Quickstart_leaves_nothing_behind()
    {
        ShellResult result = await RunAsync("quickstart.ps1");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains("What if: Remove SHOP/gateway.yaml in the default namespace of 127.0.0.1:", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("The server is stopped.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_server_is_restored()
    {
        ShellResult result = await RunAsync("restore-from-snapshots.ps1");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.EndsWith("2 of 2 configurations were restored.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_takes_its_settings_from_a_server_and_follows_them()
    {
        ShellResult result = await RunAsync("settings-for-a-script.ps1");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal("Turn 1: 10 items\nTurn 2: 20 items\nTurn 3: 30 items", result.Output);
    }

    [Fact]
    public async Task What_the_Python_command_line_left_is_taken_over()
    {
        ShellResult result = await RunAsync("from-the-python-cli.ps1");

        Assert.Equal((2, ""), (result.ExitCode, result.Errors));
        Assert.Contains("+{ \"pool\": 10 }", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 configurations differ.", result.Output, StringComparison.Ordinal);
    }

    private static Task<ShellResult> RunAsync(string script) => SharedShell.RunFileAsync(Path.Combine(DocsFolder.Root, "..", "examples", script), []);
}
