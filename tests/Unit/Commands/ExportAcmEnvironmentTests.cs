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
    [InlineData("""["x"]""", "not an object")]
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
        shell.Run("""Set-AcmConfig keys.json '{"ALIBABA_CLOUD":{"ACCESS_KEY_ID":"LTAI-id","ACCESS_KEY_SECRET":"k3y-of","SECURITY_TOKEN":"t0ken"}}'""").ThrowOnError();

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

    [Theory]
    [InlineData("'a.txt', (Get-Date) | Export-AcmEnvironment -Path $path")]
    [InlineData("'a.txt', $null | Export-AcmEnvironment -Path $path")]
    [InlineData("'a.txt', [pscustomobject]@{ Name = 'a.txt' } | Export-AcmEnvironment -Path $path")]
    [InlineData("[pscustomobject]@{ DataId = 'a.txt'; Group = 'DEFAULT_GROUP' }, [pscustomobject]@{ DataId = 'a.txt'; Group = '' } | Export-AcmEnvironment -Path $path")]
    [InlineData("Export-AcmEnvironment a.txt, '[' -Path $path")]
    public void What_names_no_configuration_is_an_error_and_nothing_is_written(string script)
    {
        ModuleShell shell = server.Connect();
        shell["path"] = Path.Combine(_folder.Path, "x.env");
        shell.Run("Set-AcmConfig a.txt '1'").ThrowOnError();

        ModuleResult result = shell.Run(script);

        Assert.NotEmpty(result.Errors);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "x.env")));
    }

    [Fact]
    public void Piped_objects_of_another_namespace_are_warned_of_once()
    {
        ModuleShell shell = server.Connect();
        shell["there"] = server.NewNamespace();
        shell["path"] = Path.Combine(_folder.Path, "x.env");
        shell.Run("Set-AcmConfig a.txt '1'; Set-AcmConfig b.txt '2'; Set-AcmConfig a.txt 'other' -Namespace $there; Set-AcmConfig b.txt 'other' -Namespace $there").ThrowOnError();

        ModuleResult result = shell.Run("Find-AcmConfig -Namespace $there | Export-AcmEnvironment -Path $path -PassThru | ForEach-Object Value");

        Assert.Empty(result.Errors);
        Assert.Contains("Specify -Namespace", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(["1", "2"], result.Texts.Order(StringComparer.Ordinal));
    }

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
            Set-AcmConfig app.json '{"db":{"password":"p%1-w","hosts":["h"]}}'
            Export-AcmEnvironment note.txt, app.json -AllowName note_txt, DB_PASSWORD, DB_HOSTS_0
            'done'
            """,
            new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_ENV"] = file, ["TF_BUILD"] = null });

        Assert.Equal("", result.Errors);
        Assert.Equal("::add-mask::p%251-w", result.Output.Split('\n')[0]);
        Assert.EndsWith("done", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ACM_INJECTED", result.Output, StringComparison.Ordinal);
        Assert.NotEqual(0xEF, File.ReadAllBytes(file)[0]);
        Assert.Equal([("EARLIER", "1"), ("NOTE_TXT", value), ("DB_PASSWORD", "p%1-w"), ("DB_HOSTS_0", "h")], RunnerFile.Read(file));
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
            "Set-AcmConfig a.txt 'v'; try { Export-AcmEnvironment a.txt -Scope GitHub -Prefix A_ -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; \"$_\" }",
            new() { ["GITHUB_ENV"] = null });

        Assert.StartsWith("AcmVariablesNotWritten,", result.Output, StringComparison.Ordinal);
        Assert.Contains("GITHUB_ENV", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Azure_Pipelines_gets_logging_commands_that_no_value_can_break_out_of()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig app.json '{"plain":"a%]\r\n##vso[x]","api":{"token":"t1%x"}}'
            Export-AcmEnvironment app.json -AllowName PLAIN, API_TOKEN
            Export-AcmEnvironment app.json -AsOutput -SecretPattern @()
            """,
            new() { ["TF_BUILD"] = "True", ["GITHUB_ACTIONS"] = null });

        Assert.Equal("", result.Errors);
        Assert.Equal(
            [
                "##vso[task.setsecret]t1%AZP25x",
                "##vso[task.setvariable variable=PLAIN]a%AZP25]%0D%0A##vso[x]",
                "##vso[task.setvariable variable=API_TOKEN;issecret=true]t1%AZP25x",
                "##vso[task.setvariable variable=PLAIN;isOutput=true]a%AZP25]%0D%0A##vso[x]",
                "##vso[task.setvariable variable=API_TOKEN;isOutput=true]t1%AZP25x",
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
            Set-AcmConfig cipher-app.json "{`n  `"user`": `"user-1`",`n  `"port`": 8080`n}" -AllowPlaintext
            Export-AcmEnvironment cipher-app.json -Scope GitHub -Prefix A_
            """,
            new() { ["GITHUB_ENV"] = _folder.Write("env", "") });

        string[] masks = [.. result.Output.Split('\n').Where(line => line.StartsWith("::add-mask::", StringComparison.Ordinal)).Select(line => line["::add-mask::".Length..])];
        Assert.Contains("{%0A  \"user\": \"user-1\",%0A  \"port\": 8080%0A}", masks);
        Assert.Contains("  \"user\": \"user-1\",", masks);
        Assert.Contains("user-1", masks);
        Assert.DoesNotContain("8080", masks);
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
            Set-AcmConfig cipher-app.json '{"user":"user-1"}' -AllowPlaintext
            Export-AcmEnvironment app.json -Scope GitHub -Name A -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment app.yaml -Scope GitHub -Name B -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment odd.json -Scope GitHub -Format Text -Prefix P_ -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment open.json -Scope GitHub -Name D -PassThru | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            Export-AcmEnvironment cipher-app.json -Scope GitHub -Name E -PassThru -WarningAction SilentlyContinue | ForEach-Object { "$($_.Name) $($_.IsSecret)" }
            """,
            new() { ["GITHUB_ENV"] = _folder.Write("env", "") });

        Assert.Equal("", result.Errors);
        string[] lines = result.Output.Split('\n');
        string[] masks = [.. lines.Where(line => line.StartsWith("::add-mask::", StringComparison.Ordinal)).Select(line => line["::add-mask::".Length..])];
        Assert.Equal(["A True", "B True", "P_ODD_JSON True", "D False", "E True"], lines.Where(line => !line.StartsWith("::", StringComparison.Ordinal)));
        Assert.Contains("{\"db\":{\"password\":\"pw-json\",\"host\":\"h\"}}", masks);
        Assert.Contains("pw-json", masks);
        Assert.Contains("  password: 'pw-yaml'", masks);
        Assert.Contains("pw-yaml", masks);
        Assert.Contains("[{\"p\\u0061ssword\":\"pw-odd\"}]", masks);
        Assert.Contains("user-1", masks);
        Assert.DoesNotContain("h", masks);
        Assert.DoesNotContain("{\"host\":\"h\"}", masks);
    }

    [Theory]
    [InlineData("Export-AcmEnvironment app.json -Scope GitHub")]
    [InlineData("Export-AcmEnvironment app.json -Scope AzurePipelines")]
    [InlineData("Export-AcmEnvironment *.json -Scope GitHub -Separator __ -KeepCase")]
    public void In_a_pipeline_names_come_from_whoever_writes_the_step(string script)
    {
        ModuleResult result = server.Connect().Run($"Set-AcmConfig app.json '{{\"a\":\"1\"}}'; {script}");

        Assert.Equal("AcmInvalidVariable", result.ErrorId);
        Assert.Contains("-AllowName", result.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_on_the_list_is_refused_and_nothing_is_written()
    {
        ModuleShell shell = server.Connect();
        shell.Run("""Set-AcmConfig app.json '{"db":{"host":"h"},"extra":"x"}'""").ThrowOnError();

        ModuleResult refused = shell.Run($"Export-AcmEnvironment app.json -AllowName DB_HOST -Path '{_folder.Path}/x.env'");
        ModuleResult written = shell.Run($"Export-AcmEnvironment app.json -AllowName db_host, EXTRA -Path '{_folder.Path}/y.env' -PassThru");

        Assert.Equal("AcmInvalidVariable", refused.ErrorId);
        Assert.Contains("'EXTRA', which -AllowName does not list", refused.Error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists($"{_folder.Path}/x.env"));
        Assert.Equal(["DB_HOST", "EXTRA"], written.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("MAKEFLAGS PERL5DB PYTHONWARNINGS GOFLAGS KUBECONFIG OPENSSL_CONF SSLKEYLOGFILE PIP_INDEX_URL JAVA_OPTS")]
    [InlineData("PYTHONBREAKPOINT PYTHONINSPECT PERL5OPT RUBYOPT RUSTC_WRAPPER CARGO_HOME GOPROXY CGO_CFLAGS NPM_CONFIG_REGISTRY YARN_RC_FILENAME BUNDLE_GEMFILE COMPOSER_HOME")]
    [InlineData("GNUMAKEFLAGS CC LESSOPEN SSH_ASKPASS RSYNC_RSH DOCKER_HOST HELM_PLUGINS TF_CLI_ARGS ANSIBLE_CONFIG CMAKE_TOOLCHAIN_FILE MAVEN_ARGS GRADLE_USER_HOME NUGET_PACKAGES")]
    [InlineData("CLASSPATH LUA_INIT PHPRC R_PROFILE ERL_FLAGS JULIA_LOAD_PATH CURL_CA_BUNDLE REQUESTS_CA_BUNDLE GCONV_PATH HOSTALIASES ZDOTDIR XDG_DATA_HOME GIT_SSH_COMMAND _JAVA_OPTIONS")]
    public void Names_that_run_code_are_refused_also_where_a_list_has_them(string names)
    {
        ModuleShell shell = server.Connect();
        foreach (string name in names.Split(' '))
        {
            shell["content"] = $$"""{"{{name}}":"x"}""";
            ModuleResult result = shell.Run($"Set-AcmConfig bad.json $content; Export-AcmEnvironment bad.json -AllowName {name} -Path '{_folder.Path}/x.env'");

            Assert.Equal("AcmInvalidVariable", result.ErrorId);
        }

        Assert.False(File.Exists($"{_folder.Path}/x.env"));
    }

    [Theory]
    [InlineData("db.pass redis_pass ssh.passphrase authorization jwt.sign.key aes.key encrypt.key dbPassword DB_PWD sentry.dsn private_pem clientSecret accessToken credentials.json apiKey privateKey", true)]
    [InlineData("keyspace publicKey rsa.public_key EC_PUBLIC_KEY host port user primaryKey keyboard hotkeys path", false)]
    public void Secret_names_are_known(string names, bool isSecret)
    {
        ModuleShell shell = server.Connect();
        string[] all = names.Split(' ');
        shell["content"] = string.Join('\n', all.Select(name => $"{name}=aaaa-bbbb-cccc"));

        ModuleResult result = shell.Run($"Set-AcmConfig app.properties $content; Export-AcmEnvironment app.properties -Prefix X_ -Path '{_folder.Path}/x.env' -PassThru | Where-Object IsSecret -eq ${isSecret} | ForEach-Object Path");

        Assert.Equal(all, result.ThrowOnError().Texts);
    }

    [Fact]
    public async Task A_secret_within_a_value_is_masked_by_itself()
    {
        (string Content, string Secret)[] cases =
        [
            ("""{"url":"postgres://app:s3cret-pw@db:5432/x"}""", "s3cret-pw"),
            ("""{"url":"redis://:p@ss-wd#1@cache:6379"}""", "p@ss-wd#1"),
            ("""{"db":"Server=db;User Id=app;Password=s3cret-pw;Encrypt=true"}""", "s3cret-pw"),
            ("""{"db":"jdbc:mysql://db/x?user=app&password=s3cret-pw&ssl=true"}""", "s3cret-pw"),
            ("""{"inner":"{\"user\":\"app\",\"db\":{\"password\":\"s3cret-pw\"}}"}""", "s3cret-pw"),
            ("""{"header":"Bearer abcdefghijklmnop.qrst"}""", "abcdefghijklmnop.qrst"),
            ("""{"env":"A=1 API_KEY=s3cret-pw"}""", "s3cret-pw"),
            ("""{"password":"&=?*+-~!"}""", "&=?*+-~!"),
        ];
        for (int i = 0; i < cases.Length; i++) _folder.Write($"values/{i}", cases[i].Content);

        ShellResult result = await InRunner(
            $$"""
            for ($i = 0; $i -lt {{cases.Length}}; $i++) {
                Set-AcmConfig app.json ([IO.File]::ReadAllText("{{_folder.Path}}/values/$i"))
                Export-AcmEnvironment app.json -Scope GitHub -Prefix P_ -PassThru | ForEach-Object { "secret $($_.IsSecret)" }
                'end of case'
            }
            """,
            new() { ["GITHUB_ENV"] = _folder.Write("env", "") });

        string[] outputs = result.Output.Split("end of case");
        Assert.Equal(cases.Length + 1, outputs.Length);
        Assert.All(cases.Zip(outputs), pair =>
        {
            string[] lines = pair.Second.Trim().Split('\n');
            Assert.Contains("::add-mask::" + pair.First.Secret, lines);
            Assert.Equal("secret True", lines[^1]);
        });
    }

    [Fact]
    public async Task Short_values_numbers_and_booleans_are_no_masks()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig app.json '{"token":{"ttl":3,"maxTtl":86400,"refresh":true,"limit":"1.5"},"apiKeyHeader":"id","password":"long-enough-to-hide","tokens":["ab","FALSE","abcd"]}'
            Export-AcmEnvironment app.json -Scope GitHub -Prefix P_
            Export-AcmEnvironment app.json -Scope AzurePipelines -Prefix P_
            """,
            new() { ["GITHUB_ENV"] = _folder.Write("env", "") });

        string[] lines = result.Output.Split('\n');
        Assert.Equal(["::add-mask::long-enough-to-hide", "::add-mask::abcd"], lines.Where(line => line.StartsWith("::", StringComparison.Ordinal)));
        Assert.Equal(["long-enough-to-hide", "abcd"], lines.Where(line => line.Contains("issecret", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public async Task Azure_gets_no_secret_of_several_lines_but_in_Base64()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig tls.json '{"port":"8443","private_key":"-----BEGIN-----\nabcdef\n-----END-----\n"}'
            Export-AcmEnvironment tls.json -Scope AzurePipelines -Prefix P_ -ErrorVariable e -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            "$($e[0].FullyQualifiedErrorId) $($e[0])"
            Export-AcmEnvironment tls.json -Scope AzurePipelines -Prefix P_ -EncodeMultilineSecret
            $env:SYSTEM_UNSAFEALLOWMULTILINESECRET = 'true'
            'allowed'
            Export-AcmEnvironment tls.json -Scope AzurePipelines -Prefix P_
            """,
            []);

        string[] lines = result.Output.Split('\n');
        string encoded = Convert.ToBase64String("-----BEGIN-----\nabcdef\n-----END-----\n"u8);
        Assert.DoesNotContain(lines.TakeWhile(line => !line.StartsWith("AcmInvalidVariable", StringComparison.Ordinal)), line => line.Contains("setvariable", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("AcmInvalidVariable,", StringComparison.Ordinal) && line.Contains("'private_key'", StringComparison.Ordinal) && line.Contains("-EncodeMultilineSecret", StringComparison.Ordinal));
        Assert.Contains($"##vso[task.setvariable variable=P_PRIVATE_KEY;issecret=true]{encoded}", lines);
        Assert.Contains($"##vso[task.setsecret]{encoded}", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("##vso[task.setsecret]", StringComparison.Ordinal) && line.Contains("%0A", StringComparison.Ordinal));
        Assert.Contains("##vso[task.setvariable variable=P_PRIVATE_KEY;issecret=true]-----BEGIN-----%0Aabcdef%0A-----END-----%0A", lines.SkipWhile(line => line != "allowed"));
    }

    [Fact]
    public async Task An_agent_that_does_not_decode_percent_signs_gets_them_as_they_are()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig a.txt '100 %'
            Set-AcmConfig b.txt '%0A'
            Export-AcmEnvironment a.txt -Scope AzurePipelines -Name A
            Export-AcmEnvironment b.txt -Scope AzurePipelines -Name B -ErrorVariable e -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            "$($e[0].FullyQualifiedErrorId) $($e[0])"
            """,
            new() { ["DECODE_PERCENTS"] = "False" });

        string[] lines = result.Output.Split('\n');
        Assert.Equal("##vso[task.setvariable variable=A]100 %", lines[0]);
        Assert.StartsWith("AcmInvalidVariable,", lines[1], StringComparison.Ordinal);
        Assert.Contains("DECODE_PERCENTS", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_an_agent_would_read_as_another_text_is_refused_and_not_printed()
    {
        ShellResult result = await InRunner(
            """
            Set-AcmConfig my-secret.json '{"kept":"a%0","more":{"x":"b"},"%3Bqwerty":"c"}'
            Export-AcmEnvironment my-secret.json -Scope AzurePipelines -Prefix P_ -ErrorVariable e -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            "$($e[0].FullyQualifiedErrorId) $($e[0])"
            """,
            new() { ["DECODE_PERCENTS"] = "false" });

        string[] lines = result.Output.Split('\n');
        Assert.StartsWith("AcmInvalidVariable,", lines[^1], StringComparison.Ordinal);
        Assert.Contains("DECODE_PERCENTS", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("qwerty", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_GitHub_that_lacks_its_last_line_end_keeps_what_it_has()
    {
        string file = _folder.Write("github_env", "EARLIER=1");

        await InRunner("Set-AcmConfig a.txt v; Export-AcmEnvironment a.txt -Scope GitHub -Name A", new() { ["GITHUB_ENV"] = file });

        Assert.Equal([("EARLIER", "1"), ("A", "v")], RunnerFile.Read(file));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named_as_it_was_given()
    {
        ShellResult result = await InRunner($"Set-AcmConfig a.txt v\nExport-AcmEnvironment a.txt -Path '{_folder.Path}/none/.env' -ErrorAction SilentlyContinue -ErrorVariable e; \"$($e[0])\"", []);

        Assert.Equal($"The folder '{System.IO.Path.Combine(_folder.Path, "none")}' was not found.", result.Output);
    }

    private async Task<ShellResult> InRunner(string script, Dictionary<string, string?> environment)
    {
        string file = _folder.Write("step.ps1", $"Import-Module '{ModuleShell.Manifest}'\n$null = Connect-Acm {server.Endpoint} {server.NewNamespace()} -NoSnapshot\n{script}\n");
        return await SharedShell.RunFileAsync(file, [], environment);
    }
}
