using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Runs examples/promote-to-production.ps1 like a pipeline.</summary>
public sealed class PromoteScriptTests : IClassFixture<ModuleServer>
{
    private static readonly string Script = Path.GetFullPath(Path.Combine(ModuleShell.Manifest, "..", "..", "..", "examples", "promote-to-production.ps1"));

    private readonly ModuleServer _server;
    private readonly ModuleShell _shell;
    private readonly string _to;

    public PromoteScriptTests(ModuleServer server)
    {
        _server = server;
        _shell = server.Connect();
        _to = server.NewNamespace();
        _shell["to"] = _to;
        _shell.Run("Set-AcmConfig app 'new'; Set-AcmConfig db '1' -Group SHOP; Set-AcmConfig app 'old' -Namespace $to; Set-AcmConfig theirs 't' -Namespace $to").ThrowOnError();
    }

    [Fact]
    public async Task It_shows_what_changes_copies_it_and_says_that_both_are_equal()
    {
        ShellResult first = await RunAsync("-Force");
        ShellResult second = await RunAsync("-Force");

        Assert.Equal(0, first.ExitCode);
        Assert.Contains("Changed DEFAULT_GROUP/app\n", first.Output, StringComparison.Ordinal);
        Assert.Contains("-old\n", first.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{_to} equals {_shell["ns"]} now.", first.Output, StringComparison.Ordinal);
        Assert.Equal(["app=new", "db=1", "theirs=t"], There());
        Assert.Equal(0, second.ExitCode);
        Assert.EndsWith("already.", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_shows_has_no_secret_and_the_rest_of_the_line()
    {
        _shell.Run("Set-AcmConfig app \"host=new`ndbPassword=TOP1`nurl=redis://u:TOP2@h`n\"; Set-AcmConfig app \"host=old`ndbPassword=TOP3`nurl=redis://u:TOP4@h`n\" -Namespace $to").ThrowOnError();

        ShellResult run = await RunAsync("-Force");

        Assert.Contains("-host=old\n-dbPassword=***\n-url=redis://u:***@h\n+host=new\n+dbPassword=***\n+url=redis://u:***@h\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("TOP", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anybody_to_ask_nothing_is_changed()
    {
        ShellResult run = await PowerShellProcess.RunAsync(["-NonInteractive", Script, .. Parameters]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Use -Force to skip the prompt", run.Output, StringComparison.Ordinal);
        Assert.Equal(["app=old", "theirs=t"], There());
    }

    [Fact]
    public async Task What_the_source_does_not_have_goes_with_Delete_only()
    {
        ShellResult run = await RunAsync("-Force", "-Delete", "-Group", "DEFAULT_GROUP");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["app=new"], There());
    }

    [Fact]
    public async Task A_source_with_nothing_in_it_does_not_empty_the_target()
    {
        ShellResult run = await RunAsync("-Force", "-Delete", "-Group", "MISTYPED");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Nothing was changed", run.Output, StringComparison.Ordinal);
        Assert.Equal(["app=old", "theirs=t"], There());
    }

    [Fact]
    public async Task A_failure_is_told_by_the_exit_code()
    {
        ShellResult run = await SharedShell.RunFileAsync(Script, ["-Endpoint", "127.0.0.1:1", "-From", "a", "-To", "b", "-Force"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The promotion failed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_Nacos_types_tags_and_descriptions_travel_too()
    {
        string from = _server.NewNamespace();
        string to = _server.NewNamespace();
        using ModuleShell shell = ModuleShell.Open();
        shell.Run($"$null = Connect-Acm -Server {_server.Endpoint} -Namespace {from} -NoSnapshot; Set-AcmConfig app.yaml 'a: 1' -Tag web, edge -Description 'the gateway'").ThrowOnError();

        ShellResult run = await SharedShell.RunFileAsync(Script, ["-Server", _server.Endpoint, "-From", from, "-To", to, "-Force"]);

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith($"{to} equals {from} now.", run.Output, StringComparison.Ordinal);
        ModuleResult there = shell.Run($"Get-AcmConfig app.yaml -Namespace {to} | ForEach-Object {{ \"$($_.Content) $($_.Type) $($_.Tags | Sort-Object) $($_.Description)\" }}");
        Assert.Equal(["a: 1 yaml edge web the gateway"], there.ThrowOnError().Texts);
    }

    private string[] Parameters => ["-Endpoint", _server.Endpoint, "-From", (string)_shell["ns"]!, "-To", _to];

    private Task<ShellResult> RunAsync(params string[] more) => SharedShell.RunFileAsync(Script, [.. Parameters, .. more]);

    private string[] There() => [.. _shell.Run("Find-AcmConfig -Namespace $to | Get-AcmConfig -Namespace $to | ForEach-Object { \"$($_.DataId)=$($_.Content)\" }").ThrowOnError().Texts.Order(StringComparer.Ordinal)];
}
