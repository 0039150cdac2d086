using System.Management.Automation.Language;
using Acm.Tests.Docs;
using Acm.Tests.Support;

namespace Acm.Tests.Shell;

/// <summary>AcmShell is PowerShell with the built module, and has the command line of <c>pwsh</c>.</summary>
public sealed class AcmShellTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_script_gets_its_arguments_and_ends_with_its_exit_code()
    {
        string script = _files.Write("script.ps1", "param([string] $Name, [switch] $On) \"$Name $On $PSScriptRoot\"; exit 3");

        ShellResult result = await RunAsync([script, "-Name", "a b", "-On"]);

        Assert.Equal((3, $"a b True {_files.Path}", ""), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task The_module_is_found_by_name_and_an_installed_one_does_not_hide_it()
    {
        string data = Path.Combine(_files.Path, "home", ".local", "share");
        string installed = Path.Combine("powershell", "Modules", "Acm", "99.0.0", "Acm.psd1");
        foreach (string folder in (string[])[data, Path.Combine(_files.Path, "home", "Documents")])
            _files.Write(Path.Combine(folder, installed), "@{ ModuleVersion = '99.0.0'; CmdletsToExport = 'Get-AcmConfig' }");
        var environment = new Dictionary<string, string?> { ["HOME"] = Path.Combine(_files.Path, "home"), ["XDG_DATA_HOME"] = data, ["PSModulePath"] = null };

        ShellResult result = await RunAsync(["-Command", "(Get-Command Get-AcmConfig).Module.ModuleBase"], environment);

        Assert.Equal((Path.GetDirectoryName(ModuleShell.Manifest), ""), (result.Output, result.Errors));
    }

    [Fact]
    public async Task It_has_every_command_that_the_README_shows()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(DocsFolder.Root, "..", "README.md"), TestContext.Current.CancellationToken);
        string[] commands =
        [
            .. text.Split("```powershell\n")[1..].Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])
                .SelectMany(block => Parser.ParseInput(block, out _, out _).FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true))
                .Select(ast => ((CommandAst)ast).GetCommandName()).Where(name => name?.Contains('-', StringComparison.Ordinal) == true).Distinct().Order(StringComparer.Ordinal),
        ];

        ShellResult result = await RunAsync(["-Command", $"Get-Command {string.Join(',', commands)} | ForEach-Object Name"]);

        Assert.Contains("Get-Credential", commands);
        Assert.Equal("", result.Errors);
        Assert.Equal(commands, result.Output.Split('\n'));
    }

    private static Task<ShellResult> RunAsync(string[] arguments, Dictionary<string, string?>? environment = null) =>
        PowerShellProcess.RunAsync(arguments, environment: environment, shell: PowerShellProcess.AcmShellPath);
}
