using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Several shells share the user's profile file.</summary>
public sealed class ProfileProcessTests : IDisposable
{
    private const int Each = 10;

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task R23_Two_processes_that_add_at_once_lose_nothing()
    {
        ShellResult[] results = await Task.WhenAll(new[] { "a", "b" }.Select(who =>
            RunAsync($"1..{Each} | ForEach-Object {{ Add-AcmProfile \"{who}-$_\" -Endpoint h -Namespace \"{who}-$_\" -SkipTest }}")));

        Assert.All(results, result => Assert.Equal((0, ""), (result.ExitCode, result.Errors)));
        Assert.Equal(2 * Each, (await SharedShell.RunAsync("Get-AcmProfile | ForEach-Object Name", Environment)).Output.Split('\n').Length);
    }

    [Fact]
    public async Task What_one_shell_keeps_another_uses()
    {
        ShellResult add = await SharedShell.RunAsync("Add-AcmProfile prod -Endpoint 127.0.0.1:1 -Namespace ns-1 -SkipTest", Environment);
        ShellResult use = await RunAsync("$s = Use-AcmProfile; $s.Profile; $s.Namespace");

        Assert.Equal((0, ""), (add.ExitCode, add.Errors));
        Assert.Equal("prod\nns-1", use.Output);
        Assert.True(File.Exists(Path.Combine(_files.Path, "Acm", "profiles.json")) || OperatingSystem.IsMacOS());
    }

    // The platform's folder for settings, not that of the module's variable.
    private Dictionary<string, string?> Environment => new() { ["ACM_PROFILE_PATH"] = null, ["XDG_CONFIG_HOME"] = _files.Path, ["APPDATA"] = _files.Path, ["HOME"] = _files.Path };

    private Task<ShellResult> RunAsync(string script) => PowerShellProcess.RunAsync(["-Command", script], environment: Environment);
}
