using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class ExportAcmEnvironmentTests(ModuleServer server) : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("app.json", """{ "db": { "host": "h", "ports": [1, 2.50] }, "on": true, "off": null }""", "DB_HOST=h DB_PORTS_0=1 DB_PORTS_1=2.50 ON=true OFF=")]
    [InlineData("app.properties", "# c\nspring.url = jdbc:x\nname : a\\u0041\\tb\nlong = one \\\n   two\nempty\n", "SPRING_URL=jdbc:x NAME=aA\tb LONG=one two EMPTY=")]
    [InlineData("app.env", "export A=1 # c\nB='x # y'\nC=\"l1\\nl2 \\$\"\nD=\"two\nlines\"\n", "A=1 B=x # y C=l1\nl2 $ D=two\nlines")]
    [InlineData("app.yaml", "a: 1\n", "APP_YAML=a: 1\n")]
    [InlineData("9-lives", "x", "_9_LIVES=x")]
    public void A_configuration_becomes_variables_by_its_ending(string dataId, string content, string expected)
    {
        ModuleShell shell = server.Connect();
        shell["content"] = content;
        shell.Run($"Set-AcmConfig {dataId} $content").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment {dataId} -Path '{_folder.Path}/x.env' -PassThru | ForEach-Object {{ $_.Name + '=' + $_.Value }}");

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(' ', result.Texts));
    }

    [Theory]
    [InlineData("-Prefix App_", "APP_DB_HOST")]
    [InlineData("-Separator __", "DB__HOST")]
    [InlineData("-KeepCase", "db_host")]
    [InlineData("-Name All", "All")]
    [InlineData("-Format Text", "APP_JSON")]
    public void Names_are_made_as_asked(string parameters, string expected)
    {
        ModuleShell shell = server.Connect();
        shell.Run("""Set-AcmConfig app.json '{"db":{"host":"h"}}'""").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment app.json -Path '{_folder.Path}/x.env' -PassThru {parameters}");

        Assert.Equal([expected], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("'{\"a\":\"\\uD83D\"}'", "surrogate pair")]
    [InlineData("'{\"\\uD83D\":1}'", "surrogate pair")]
    [InlineData("('{\"a\":' * 70 + '1' + '}' * 70)", "deeper than 64 levels")]
    public void JSON_that_can_not_be_taken_apart_is_an_error_that_names_the_configuration(string json, string why)
    {
        ModuleShell shell = server.Connect();
        shell.Run($"Set-AcmConfig odd.json {json}").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment odd.json -Path '{_folder.Path}/odd.env' -ErrorVariable e -ErrorAction SilentlyContinue; $e | ForEach-Object {{ $_.FullyQualifiedErrorId; \"$_\" }}");

        Assert.StartsWith("AcmInvalidVariable", result.Texts[0], StringComparison.Ordinal);
        Assert.Contains("odd.json", result.Texts[1], StringComparison.Ordinal);
        Assert.Contains(why, result.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_a_configuration_commands_no_build_agent_in_the_error_that_quotes_it()
    {
        ModuleShell shell = server.Connect();
        shell.Run("""Set-AcmConfig app.json '{"##vso[task.complete]":1,"##vso[task-complete]":2}'""").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment app.json -Path '{_folder.Path}/x.env' -ErrorVariable e -ErrorAction SilentlyContinue; $e | ForEach-Object {{ \"$_\" }}");

        Assert.Contains("'# #vso[task", Assert.Single(result.Texts));
        Assert.DoesNotContain("##vso[", result.Texts[0]);
    }

    [Fact]
    public void A_dot_env_file_is_replaced_whole_is_private_and_reads_back()
    {
        ModuleShell shell = server.Connect();
        string file = _folder.Write("x.env", "OLD=1\n");
        shell["content"] = "a=\"q\" \\ $HOME `id`\nb=中\r\n";
        shell.Run("Set-AcmConfig whole.txt $content").ThrowOnError();

        shell.Run($"Export-AcmEnvironment whole.txt -Path '{file}'").ThrowOnError();

        Assert.Equal("WHOLE_TXT=\"a=\\\"q\\\" \\\\ \\$HOME \\`id\\`\\nb=中\\r\\n\"\n", File.ReadAllText(file));
        Assert.NotEqual(0xEF, File.ReadAllBytes(file)[0]);
        shell.Run($"Set-AcmConfig back.env -Path '{file}'; Export-AcmEnvironment back.env -Path '{file}2'").ThrowOnError();
        Assert.Equal(File.ReadAllText(file), File.ReadAllText(file + "2"));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        if (!OperatingSystem.IsWindows() && Environment.GetEnvironmentVariable("ACM_FLAVOUR") is null)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("""{"PATH":"/evil"}""", "PATH")]
    [InlineData("""{"node":{"options":"--require x"}}""", "NODE_OPTIONS")]
    [InlineData("""{"github_token":"x"}""", "GITHUB_TOKEN")]
    [InlineData("""{"bash.env":"x"}""", "BASH_ENV")]
    [InlineData("""{"acm":{"input":{"endpoint":"evil.example.com"}}}""", "ACM_INPUT_ENDPOINT")]
    [InlineData("""{"acm":{"profile":{"path":"/evil"}}}""", "ACM_PROFILE_PATH")]
    [InlineData("""{"ld":{"preload":"x"}}""", "LD_PRELOAD")]
    [InlineData("""{"a.b":"1","a_b":"2"}""", "A_B")]
    [InlineData("""{"中":"1"}""", "_")]
    [InlineData("""["x"]""", "no object")]
    [InlineData("""{"a":"top secret"  oops""", "line 1")]
    public void What_may_not_be_a_variable_is_refused_and_nothing_is_written(string content, string named)
    {
        ModuleShell shell = server.Connect();
        shell["content"] = content;
        shell.Run("""Set-AcmConfig bad.json $content; Set-AcmConfig good.json '{"x":"1"}'""").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment good.json, bad.json -Path '{_folder.Path}/x.env'");

        Assert.Equal("AcmInvalidVariable", result.ErrorId);
        Assert.Contains(named, result.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("top secret", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("DEFAULT_GROUP/bad.json", result.Error.TargetObject.ToString());
        Assert.False(File.Exists($"{_folder.Path}/x.env"));
    }

    [Fact]
    public void Keys_of_the_cloud_are_a_configuration_like_others_and_their_secrets_are_masked()
    {
        ModuleShell shell = server.Connect();
        shell.Run("""Set-AcmConfig keys.json '{"ALIBABA_CLOUD":{"ACCESS_KEY_ID":"LTAI-id","ACCESS_KEY_SECRET":"k3y","SECURITY_TOKEN":"t0ken"}}'""").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment keys.json -Path '{_folder.Path}/keys.env' -PassThru | ForEach-Object {{ \"$($_.Name) $($_.IsSecret)\" }}");

        result.ThrowOnError();
        Assert.Equal(["ALIBABA_CLOUD_ACCESS_KEY_ID True", "ALIBABA_CLOUD_ACCESS_KEY_SECRET True", "ALIBABA_CLOUD_SECURITY_TOKEN True"], result.Texts);
    }

    [Theory]
    [InlineData("Export-AcmEnvironment a -Scope DotEnv")]
    [InlineData("Export-AcmEnvironment a -Scope Process -Path x")]
    [InlineData("Export-AcmEnvironment a -Scope Process -AsOutput")]
    public void Parameters_that_do_not_go_together_are_refused(string script) =>
        Assert.Equal("AcmInvalidParameter", server.Connect().Run(script).ErrorId);

    [Fact]
    public void A_configuration_that_is_missing_is_an_error_and_nothing_is_written()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a '1'").ThrowOnError();

        ModuleResult result = shell.Run($"Export-AcmEnvironment a, missing -Path '{_folder.Path}/x.env'");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.False(File.Exists($"{_folder.Path}/x.env"));
    }

    [Fact]
    public async Task GitHub_gets_its_masks_before_all_else_and_the_values_in_the_file_it_names()
    {
        string file = _folder.Write("github_env", "EARLIER=1\n");
        string value = "first\nACM_INJECTED=1\n::set-output name=x::y\r\n##vso[task.setvariable variable=x]y\nlast%";

        ShellResult result = await InRunner(
            $$$"""
            $text = [IO.File]::ReadAllText('{{{_folder.Write("value", value)}}}')
            Set-AcmConfig note.txt $text
            Set-AcmConfig app.json '{"db":{"password":"p%1","hosts":["h"]}}'
            Export-AcmEnvironment note.txt, app.json
            'done'
            """,
            new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_ENV"] = file, ["TF_BUILD"] = null });

        Assert.Equal("", result.Errors);
        Assert.Equal("::add-mask::p%251", result.Output.Split('\n')[0]);
        Assert.EndsWith("done", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ACM_INJECTED", result.Output, StringComparison.Ordinal);
        Assert.NotEqual(0xEF, File.ReadAllBytes(file)[0]);
        Assert.Equal([("EARLIER", "1"), ("NOTE_TXT", value), ("DB_PASSWORD", "p%1"), ("DB_HOSTS_0", "h")], RunnerFile.Read(file));
    }

    [Fact]
    public async Task GitHub_outputs_go_to_their_own_file()
    {
        string file = _folder.Write("github_output", "");

        ShellResult result = await InRunner(
            "Set-AcmConfig a.txt 'v'; Export-AcmEnvironment a.txt -Name content -AsOutput",
            new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_OUTPUT"] = file });

        Assert.Equal("", result.Errors);
        Assert.Equal([("content", "v")], RunnerFile.Read(file));
    }

    [Fact]
    public async Task GitHub_without_its_file_is_an_error_that_names_it()
    {
        ShellResult result = await InRunner(
            "Set-AcmConfig a.txt 'v'; try { Export-AcmEnvironment a.txt -Scope GitHub -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; \"$_\" }",
            new() { ["GITHUB_ENV"] = null });

        Assert.StartsWith("AcmVariablesNotWritten,", result.Output, StringComparison.Ordinal);
        Assert.Contains("GITHUB_ENV", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Azure_Pipelines_gets_logging_commands_that_no_value_can_break_out_of()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig app.json '{"plain":"a%]\r\n##vso[x]","api":{"token":"t1\nt2"}}'
            Export-AcmEnvironment app.json
            Export-AcmEnvironment app.json -AsOutput -SecretPattern @()
            """,
            new() { ["TF_BUILD"] = "True", ["GITHUB_ACTIONS"] = null });

        Assert.Equal("", result.Errors);
        Assert.Equal(
            [
                "##vso[task.setsecret]t1%0At2",
                "##vso[task.setsecret]t1",
                "##vso[task.setsecret]t2",
                "##vso[task.setvariable variable=PLAIN]a%AZP25]%0D%0A##vso[x]",
                "##vso[task.setvariable variable=API_TOKEN;issecret=true]t1%0At2",
                "##vso[task.setvariable variable=PLAIN;isOutput=true]a%AZP25]%0D%0A##vso[x]",
                "##vso[task.setvariable variable=API_TOKEN;isOutput=true]t1%0At2",
            ],
            result.Output.Split('\n'));
    }

    [Fact]
    public async Task Without_a_pipeline_it_is_this_process_and_WhatIf_changes_nothing()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig a.txt 'v'
            Export-AcmEnvironment a.txt -Name ACM_TEST_ONE -WhatIf
            "[$env:ACM_TEST_ONE]"
            Export-AcmEnvironment a.txt -Name ACM_TEST_ONE
            "[$env:ACM_TEST_ONE]"
            """,
            new() { ["TF_BUILD"] = null, ["GITHUB_ACTIONS"] = null });

        Assert.Contains("[]", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("[v]", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("What if:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_from_a_cipher_data_id_is_masked_whole_line_by_line_and_value_by_value()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig cipher-app.json "{`n  `"user`": `"u1`",`n  `"port`": 8080`n}" -AllowPlaintext
            Export-AcmEnvironment cipher-app.json -Scope GitHub
            """,
            new() { ["GITHUB_ENV"] = _folder.Write("env", "") });

        string[] masks = [.. result.Output.Split('\n').Where(line => line.StartsWith("::add-mask::", StringComparison.Ordinal)).Select(line => line["::add-mask::".Length..])];
        Assert.Contains("{%0A  \"user\": \"u1\",%0A  \"port\": 8080%0A}", masks);
        Assert.Contains("  \"user\": \"u1\",", masks);
        Assert.Contains("u1", masks);
        Assert.Contains("8080", masks);
        Assert.DoesNotContain("{", masks);
    }

    [Fact]
    public async Task A_text_that_stays_whole_is_as_secret_as_what_is_in_it()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig app.json '{"db":{"password":"pw-json","host":"h"}}'
            Set-AcmConfig app.yaml "db:`n  password: 'pw-yaml'`n  host: h"
            Set-AcmConfig odd.json '[{"p\u0061ssword":"pw-odd"}]'
            Set-AcmConfig open.json '{"host":"h"}'
            Set-AcmConfig cipher-app.json '{"user":"u1"}' -AllowPlaintext
            Export-AcmEnvironment app.json -Scope GitHub -Name A -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment app.yaml -Scope GitHub -Name B -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment odd.json -Scope GitHub -Format Text -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment open.json -Scope GitHub -Name D -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment cipher-app.json -Scope GitHub -Name E -PassThru -WarningAction SilentlyContinue | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            """,
            new() { ["GITHUB_ENV"] = _folder.Write("env", "") });

        Assert.Equal("", result.Errors);
        string[] lines = result.Output.Split('\n');
        string[] masks = [.. lines.Where(line => line.StartsWith("::add-mask::", StringComparison.Ordinal)).Select(line => line["::add-mask::".Length..])];
        Assert.Equal(["A True", "B True", "ODD_JSON True", "D False", "E True"], lines.Where(line => !line.StartsWith("::", StringComparison.Ordinal)));
        Assert.Contains("{\"db\":{\"password\":\"pw-json\",\"host\":\"h\"}}", masks);
        Assert.Contains("pw-json", masks);
        Assert.Contains("  password: 'pw-yaml'", masks);
        Assert.Contains("pw-yaml", masks);
        Assert.Contains("[{\"p\\u0061ssword\":\"pw-odd\"}]", masks);
        Assert.Contains("u1", masks);
        Assert.DoesNotContain("h", masks);
        Assert.DoesNotContain("{\"host\":\"h\"}", masks);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named_as_it_was_given()
    {
        ShellResult result = await InRunner($"Set-AcmConfig a.txt v\nExport-AcmEnvironment a.txt -Path '{_folder.Path}/none/.env' -ErrorAction SilentlyContinue -ErrorVariable e; \"$($e[0])\"", []);

        Assert.Equal($"There is no folder '{System.IO.Path.Combine(_folder.Path, "none")}'.", result.Output);
    }

    private async Task<ShellResult> InRunner(string script, Dictionary<string, string?> environment)
    {
        string file = _folder.Write("step.ps1", $"Import-Module '{ModuleShell.Manifest}'\n$null = Connect-Acm {server.Endpoint} {server.NewNamespace()} -NoSnapshot\n{script}\n");
        return await PowerShellProcess.RunAsync(["-File", file], environment: environment);
    }
}
