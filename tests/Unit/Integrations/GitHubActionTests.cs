using Acm.Tests.Support;

namespace Acm.Tests.Integrations;

/// <summary>The GitHub action against a real server. A step that succeeds, one that finds a difference, and one that fails run in a process of their own, the others in a shared one.</summary>
public sealed class GitHubActionTests(ModuleServer server) : IClassFixture<ModuleServer>, IDisposable
{
    private const string Hostile = "a\n::set-env name=X::1\n##vso[task.setvariable variable=X]1\n</details><script>\n``````\n";

    private readonly GitHubRunner _runner = new();
    private readonly TemporaryFiles _folder = new();
    private readonly string _namespace = server.NewNamespace();

    public void Dispose()
    {
        _runner.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_masks_first_and_gives_variables_to_the_later_steps()
    {
        Connect().Run("""Set-AcmConfig app.json '{"db":{"host":"h","password":"p%1-w"}}'""").ThrowOnError();

        StepResult result = await RunProcessAsync(("command", "get"), ("data-id", "app.json"), ("prefix", "APP_"), ("access-key", "ak"), ("secret-key", "key-of-the-caller"));

        Assert.Equal(["::add-mask::key-of-the-caller", "::add-mask::p%251-w", "2 variables: APP_DB_HOST, APP_DB_PASSWORD"], result.Lines);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal([("APP_DB_HOST", "h"), ("APP_DB_PASSWORD", "p%1-w")], RunnerFile.Read(_runner.EnvironmentFile));
    }

    [Fact]
    public async Task Get_with_output_gives_the_whole_content_and_its_md5_as_outputs_that_the_action_declares()
    {
        ModuleShell shell = Connect();
        shell["content"] = Hostile;
        string md5 = Assert.Single(shell.Run("(Set-AcmConfig note.txt $content -Group SHOP -PassThru).Md5").ThrowOnError().Texts);

        StepResult result = await RunAsync(("command", "get"), ("data-id", "note.txt"), ("group", "SHOP"), ("output", "true"));

        Assert.Equal("SHOP/note.txt is the output content.", string.Join('\n', result.Lines));
        List<(string Name, string Value)> outputs = RunnerFile.Read(_runner.OutputFile);
        Assert.Equal([("content", Hostile), ("md5", md5)], outputs);
        Assert.All(outputs, output => Assert.Equal($"${{{{ steps.acm.outputs.{output.Name} }}}}", IntegrationFiles.Action.Table("outputs").Table(output.Name)["value"]));
    }

    [Fact]
    public async Task Set_export_and_import_change_what_they_say()
    {
        string content = "level: info # \"$HOME\" `id` $(id)\n";
        string folder = Path.Combine(_folder.Path, "config");

        StepResult set = await RunAsync(("command", "set"), ("data-id", "app.yaml"), ("content", content));
        StepResult export = await RunAsync(("command", "export"), ("path", folder));
        Connect().Run("Set-AcmConfig app.yaml 'level: debug'; Set-AcmConfig other.yaml 'x'").ThrowOnError();
        StepResult plan = await RunAsync(("command", "import"), ("path", folder), ("delete", "true"), ("what-if", "true"));
        string[] before = [.. Connect().Run("Get-AcmConfig app.yaml -Raw").ThrowOnError().Texts];
        StepResult import = await RunAsync(("command", "import"), ("path", folder), ("delete", "true"));
        StepResult done = await RunAsync(("command", "import"), ("path", folder), ("delete", "true"), ("what-if", "true"));

        Assert.StartsWith("Published DEFAULT_GROUP/app.yaml, MD5 ", string.Join('\n', set.Lines), StringComparison.Ordinal);
        Assert.Equal("1 exported, 0 as they were, 0 deleted", string.Join('\n', export.Lines));
        Assert.Equal(["What would be done: 2 changes.", "  Changed DEFAULT_GROUP/app.yaml (+1 -1)", "  Removed DEFAULT_GROUP/other.yaml (+0 -1)"], plan.Lines);
        Assert.StartsWith("### What an import would change (2)\n\n```diff\n", plan.Summary, StringComparison.Ordinal);
        Assert.Contains("\n-level: debug\n", plan.Summary, StringComparison.Ordinal);
        Assert.Equal(["level: debug"], before);
        Assert.Equal("0 added, 1 changed, 1 removed, 0 as they were", string.Join('\n', import.Lines));
        Assert.Equal("What would be done: 0 changes.", string.Join('\n', done.Lines));
        Assert.Equal("### What an import would change (0)", done.Summary.Trim());
        Assert.StartsWith("### Imported: 0 added, 1 changed, 1 removed, 0 as they were\n\n```diff\nChanged DEFAULT_GROUP/app.yaml\nRemoved DEFAULT_GROUP/other.yaml\n```", import.Summary, StringComparison.Ordinal);
        Assert.StartsWith("### Published\n", set.Summary, StringComparison.Ordinal);
        Assert.StartsWith("### Exported: 1 exported, ", export.Summary, StringComparison.Ordinal);
        Assert.Equal([content, "app.yaml"], Connect().Run("Get-AcmConfig app.yaml -Raw; (Find-AcmConfig).DataId").ThrowOnError().Texts);
    }

    [Fact]
    public async Task Compare_shows_differences_in_the_summary_but_no_secret_and_nothing_that_breaks_out()
    {
        ModuleShell shell = Connect();
        shell["folder"] = _folder.Path;
        shell["hostile"] = Hostile;
        shell["nested"] = "api:\n  a: 1\n  b: 1\n  c: 1\n  d: 1\n  key: TOP1\n";
        shell.Run("""
            Set-AcmConfig note.txt 'before'; Set-AcmConfig same.txt 'same'; Set-AcmConfig api.yaml $nested; Set-AcmConfig cipher-x TOP2 -AllowPlaintext
            Set-AcmConfig escaped.json '{"pass\u0077ord":"TOP3"}'; Set-AcmConfig my-token TOP4
            $null = Export-AcmConfig "$folder/config" -NoDecrypt
            Set-AcmConfig note.txt $hostile; Set-AcmConfig api.yaml $nested.Replace('TOP1', 'TOP5'); Set-AcmConfig cipher-x TOP6 -AllowPlaintext
            Set-AcmConfig escaped.json '{"pass\u0077ord":"TOP7"}'; Set-AcmConfig my-token TOP8; Set-AcmConfig added.txt 'only there'
            """).ThrowOnError();

        StepResult result = await RunProcessAsync(("command", "compare"), ("path", Path.Combine(_folder.Path, "config")), ("fail-on-difference", "true"));

        // PowerShell maps every exit code of a dot-sourced script to 1, and the runner dot-sources the script.
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["::error::6 configurations differ."], result.Commands.Where(command => !command.StartsWith("::warning::", StringComparison.Ordinal)));
        Assert.Equal([("different", "true")], RunnerFile.Read(_runner.OutputFile));
        Assert.DoesNotContain("TOP", result.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("only there", string.Join('\n', result.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("same.txt", result.ToString(), StringComparison.Ordinal);

        // A single code fence that the content does not end, and only the heading outside.
        string[] summary = result.Summary.TrimEnd('\n').Split('\n');
        Assert.Equal(["### Configuration that differs (6)", "", "```````diff"], summary[..3]);
        Assert.Equal("```````", summary[^1]);
        Assert.DoesNotContain(summary[3..^1], line => line.TrimStart().StartsWith("```````", StringComparison.Ordinal));
        Assert.Contains("-only there", summary);
        Assert.Contains("-</details><script>", summary);
        Assert.Contains("+before", summary);
        Assert.Contains("-  key: ***", summary);
        Assert.Contains("+{\"pass\\u0077ord\":\"***\"}", summary);
        Assert.Contains("+***", summary);
    }

    [Fact]
    public async Task A_Nacos_is_logged_in_to_with_a_user_whose_password_is_masked()
    {
        using ModuleShell shell = ModuleShell.Open();
        string address = shell.Run("(Start-AcmServer -InMemory -Credential ([pscredential]::new('ops', (ConvertTo-SecureString 'pw-of-the-step' -AsPlainText -Force)))).Endpoint").ThrowOnError().Texts.Single();
        (string, string)[] connection = [("endpoint", ""), ("direct", "false"), ("server", address), ("server-type", "Nacos"), ("username", "ops")];

        StepResult set = await RunAsync([.. connection, ("password", "pw-of-the-step"), ("command", "set"), ("data-id", "app.yaml"), ("content", "a: 1")]);
        StepResult wrong = await RunAsync([.. connection, ("password", "pw-that-is-wrong"), ("command", "set"), ("data-id", "app.yaml"), ("content", "a: 2")]);
        shell.Run("Stop-AcmServer").ThrowOnError();

        Assert.Equal("::add-mask::pw-of-the-step", set.Lines[0]);
        Assert.StartsWith("::warning::No namespace has the ID or the name ", set.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Published DEFAULT_GROUP/app.yaml, MD5 ", set.Lines[2], StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains(wrong.Lines, line => line.StartsWith("::error::AcmAuthenticationFailed: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inputs_are_gone_before_anything_else_runs_and_equal_sides_are_no_failure()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "empty"));

        ShellResult result = await SharedShell.RunAsync(
            $"& '{IntegrationFiles.Script}'; \"exit $LASTEXITCODE\"; [Environment]::GetEnvironmentVariables().Keys -like 'ACM_INPUT*'",
            new Dictionary<string, string?>
            {
                ["GITHUB_ACTIONS"] = null,
                ["TF_BUILD"] = null,
                ["ACM_INPUT_COMMAND"] = "compare",
                ["ACM_INPUT_ENDPOINT"] = server.Endpoint,
                ["ACM_INPUT_DIRECT"] = "true",
                ["ACM_INPUT_NAMESPACE"] = _namespace,
                ["ACM_INPUT_ACCESSKEY"] = "ak",
                ["ACM_INPUT_SECRETKEY"] = Canary.Secret("step"),
                ["ACM_INPUT_PATH"] = Path.Combine(_folder.Path, "empty"),
            });

        Assert.Equal("Both sides are equal.\nexit 0", result.Output);
    }

    [Theory]
    [InlineData("command", "::set-env name=X::1", "The input 'command' is")]
    [InlineData("endpoint", "", "needs one of the inputs 'server' and 'endpoint'")]
    [InlineData("server", "127.0.0.1", "needs one of the inputs 'server' and 'endpoint'")]
    [InlineData("username", "ann", "belong together")]
    [InlineData("output", "yes", "The input 'output' is true or false")]
    [InlineData("what-if", "true", "goes with import and copy only")]
    [InlineData("data-id", "", "needs the input 'dataId'")]
    [InlineData("prefix", "", "needs the input 'prefix', 'name' or 'allowName'")]
    [InlineData("module-path", "/nowhere/Acm", "names no file and no folder")]
    [InlineData("module-version", "99.0.0", "Specify the input 'modulePath', or 'moduleVersion' and 'moduleSha256'")]
    [InlineData("data-id", "missing.json", "AcmConfigNotFound: ")]
    [InlineData("data-id", "x\r##vso\r::set-env name=X::1", "AcmInvalidKey: ")]
    [InlineData("module-version", "1; Remove-Item x", "expected three numbers")]
    public async Task What_is_wrong_fails_the_step_with_a_message(string input, string value, string message)
    {
        var inputs = new Dictionary<string, string> { ["command"] = "get", ["data-id"] = "app.json", ["prefix"] = "APP_", [input] = value };

        StepResult result = await RunAsync([.. inputs.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, Assert.Single(result.Commands, command => command.StartsWith("::error::", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.All(result.Commands, command => Assert.True(command.StartsWith("::error::", StringComparison.Ordinal) || command.StartsWith("::warning::", StringComparison.Ordinal), command));
        Assert.StartsWith("### Failed\n", result.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[", result.ToString(), StringComparison.Ordinal);
        Assert.Empty(RunnerFile.Read(_runner.EnvironmentFile));
    }

    [Fact]
    public async Task A_name_with_a_command_in_it_is_told_without_it()
    {
        StepResult result = await RunAsync(("command", "set"), ("data-id", "x ##vso[task.setvariable variable=X]1 ##[add-mask]e"), ("content", "text"));

        Assert.Equal(1, result.ExitCode);
        Assert.All(result.Commands, command => Assert.StartsWith("::error::", command, StringComparison.Ordinal));
        Assert.DoesNotContain(result.Lines, line => line.Contains("##", StringComparison.Ordinal));
        Assert.DoesNotContain("##vso", result.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("##[", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_would_remove_everything_is_refused()
    {
        Connect().Run("Set-AcmConfig app.yaml x").ThrowOnError();

        StepResult result = await RunProcessAsync(("command", "import"), ("path", _folder.Path), ("delete", "true"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("would remove all 1 configuration", Assert.Single(result.Commands, command => command.StartsWith("::error::", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(["app.yaml"], Connect().Run("(Find-AcmConfig).DataId").ThrowOnError().Texts);
    }

    [Fact]
    public async Task A_plan_finds_what_an_import_would_refuse()
    {
        _folder.Write("config/a.txt", "fine");
        _folder.Write("config/b.txt", "\U0001F600");

        StepResult plan = await RunAsync(("command", "import"), ("path", Path.Combine(_folder.Path, "config")), ("what-if", "true"));
        StepResult import = await RunAsync(("command", "import"), ("path", Path.Combine(_folder.Path, "config")));

        string[] errors = [.. new[] { plan, import }.Select(result => Assert.Single(result.Commands, command => command.StartsWith("::error::", StringComparison.Ordinal)))];
        Assert.StartsWith("::error::AcmInvalidContent: ", errors[0], StringComparison.Ordinal);
        Assert.Equal(errors[1], errors[0]);
        Assert.Equal([1, 1], [plan.ExitCode, import.ExitCode]);
    }

    [Fact]
    public async Task Copy_plans_and_promotes_and_shows_no_secret()
    {
        string target = server.NewNamespace();
        Connect().Run("Set-AcmConfig db.properties \"host=new`npassword=TOP1`n\"; Set-AcmConfig flag.txt on -Group SHOP").ThrowOnError();
        server.Connect(target).Run("Set-AcmConfig db.properties \"host=old`npassword=TOP2`n\"; Set-AcmConfig gone.txt x").ThrowOnError();

        StepResult plan = await RunAsync(("command", "copy"), ("to-namespace", target), ("what-if", "true"));
        StepResult copy = await RunAsync(("command", "copy"), ("to-namespace", target), ("delete", "true"));

        Assert.Equal(["What would be done: 2 changes.", "  Changed DEFAULT_GROUP/db.properties (+2 -2)", "  Added SHOP/flag.txt (+1 -0)"], plan.Lines);
        Assert.Contains("\n-host=old\n-password=***\n+host=new\n+password=***\n", plan.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("TOP", plan.ToString() + copy, StringComparison.Ordinal);
        Assert.Equal("1 added, 1 changed, 1 removed, 0 as they were", string.Join('\n', copy.Lines));
        Assert.StartsWith("### Copied: 1 added, 1 changed, 1 removed, 0 as they were\n", copy.Summary, StringComparison.Ordinal);
        Assert.Equal(["db.properties", "flag.txt"], server.Connect(target).Run("(Find-AcmConfig).DataId").ThrowOnError().Texts);
    }

    [Fact]
    public async Task Search_names_lines_in_the_log_and_shows_them_in_the_summary_without_secrets()
    {
        Connect().Run("Set-AcmConfig db.properties \"jdbc=x`npassword=jdbcTOP1`n\"; Set-AcmConfig hostile.txt \"jdbc`n::set-env name=X::1 jdbc\" -Group SHOP; Set-AcmConfig other.txt 'none'").ThrowOnError();

        StepResult found = await RunAsync(("command", "search"), ("pattern", "JDBC"), ("fail-on-match", "true"));
        StepResult none = await RunAsync(("command", "search"), ("pattern", "j.bc\nnothing"), ("simple-match", "true"), ("fail-on-match", "true"));

        Assert.Equal(["Found: 4 lines in 2 configurations", "  DEFAULT_GROUP/db.properties: 1, 2", "  SHOP/hostile.txt: 1, 2", "::error::Found: 4 lines in 2 configurations."], found.Lines);
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("\nDEFAULT_GROUP/db.properties:2: password=***\n", found.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("TOP", found.ToString(), StringComparison.Ordinal);
        Assert.Equal("Found: 0 lines in 0 configurations", string.Join('\n', none.Lines));
        Assert.Equal(0, none.ExitCode);
        Assert.StartsWith("### Found: 0 lines in 0 configurations", none.Summary, StringComparison.Ordinal);
        Assert.Equal([("found", "true"), ("found", "false")], RunnerFile.Read(_runner.OutputFile));
    }

    [Fact]
    public async Task Several_errors_are_one_annotation_and_lines_of_the_log()
    {
        StepResult result = await RunAsync(("command", "get"), ("data-id", "one\ntwo\nthree"), ("prefix", "A_"));

        Assert.Contains("(2 more errors are in the log.)", Assert.Single(result.Commands, command => command.StartsWith("::error::", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(3, result.Lines.Count(line => line.StartsWith("error: AcmConfigNotFound: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_module_comes_from_a_path()
    {
        Connect().Run("Set-AcmConfig a.txt v").ThrowOnError();

        StepResult result = await RunAsync(("command", "get"), ("data-id", "a.txt"), ("name", "A"), ("module-path", Path.GetDirectoryName(ModuleShell.Manifest)!));

        Assert.Equal("1 variables: A", string.Join('\n', result.Lines));
    }

    private ModuleShell Connect() => server.Connect(_namespace);

    private Task<StepResult> RunAsync(params (string Name, string Value)[] inputs) => _runner.RunAsync(isProcess: false, [.. Connection, .. inputs]);

    private Task<StepResult> RunProcessAsync(params (string Name, string Value)[] inputs) => _runner.RunAsync(isProcess: true, [.. Connection, .. inputs]);

    private (string Name, string Value)[] Connection => [("endpoint", server.Endpoint), ("direct", "true"), ("namespace", _namespace)];
}
