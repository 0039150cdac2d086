using System.IO.Compression;
using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class ImportAcmConfigTests : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleServer _server;
    private readonly ModuleShell _shell;

    public ImportAcmConfigTests(ModuleServer server)
    {
        _server = server;
        _shell = server.Connect();
        _shell.Location = _files.Path;
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_folder_in_the_layout_of_the_Python_command_line_is_imported_without_a_change()
    {
        _files.Write("config/app.yaml", "a: 1\r\nb: 中文\n");
        _files.Write("config/ACM:Test/jdbc.properties", "x=1");
        _files.Write("config/SHOP/db.json", "{}");
        _files.Write("config/.hidden", "no");

        ModuleResult result = _shell.Run("Import-AcmConfig ./config");

        Assert.Empty(result.Errors);
        Assert.Equal(["ACM:Test/jdbc.properties=x=1", "DEFAULT_GROUP/app.yaml=a: 1\r\nb: 中文\n", "SHOP/db.json={}"], There());
        Assert.Equal("./config 3 0 0 0 0 0", Numbers(Assert.Single(result.Output)));
    }

    [Fact]
    public void What_Export_AcmConfig_wrote_comes_back_from_a_folder_and_from_a_zip()
    {
        _shell.Run("Set-AcmConfig app.yaml 'a'; Set-AcmConfig .env 'b' -Group SHOP; Set-AcmConfig SHOP 'c'; Export-AcmConfig folder; Export-AcmConfig all.zip; Remove-AcmConfig * -Group * -Force").ThrowOnError();
        string[] expected = ["DEFAULT_GROUP/SHOP=c", "DEFAULT_GROUP/app.yaml=a", "SHOP/.env=b"];

        _shell.Run("Import-AcmConfig folder").ThrowOnError();
        string[] fromFolder = There();
        _shell.Run("Remove-AcmConfig * -Group * -Force; Import-AcmConfig all.zip").ThrowOnError();

        Assert.Equal(expected, fromFolder);
        Assert.Equal(expected, There());
    }

    [Theory]
    [InlineData("Import-AcmConfig config app*", "DEFAULT_GROUP/app.yaml=1 SHOP/app.json=2")]
    [InlineData("Import-AcmConfig config * SHOP", "SHOP/app.json=2 SHOP/db.json=3")]
    [InlineData("Import-AcmConfig config -Group SH* -Prefix db", "SHOP/db.json=3")]
    [InlineData("Import-AcmConfig -LiteralPath config -DataId db.json, app.yaml", "DEFAULT_GROUP/app.yaml=1 SHOP/db.json=3")]
    [InlineData("Import-AcmConfig conf* -Prefix a -ThrottleLimit 1", "DEFAULT_GROUP/app.yaml=1 SHOP/app.json=2")]
    public void Filters_choose_what_is_published(string script, string expected)
    {
        _files.Write("config/app.yaml", "1");
        _files.Write("config/SHOP/app.json", "2");
        _files.Write("config/SHOP/db.json", "3");

        ModuleResult result = _shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(" ", There()));
    }

    [Fact]
    public void Of_several_that_are_piped_none_removes_what_the_others_have()
    {
        _shell.Run("Set-AcmConfig kept '1'").ThrowOnError();
        _files.Write("all/one/a", "1");
        _files.Write("all/two/b", "2");

        ModuleResult several = _shell.Run("[pscustomobject]@{ PSPath = 'all/one' }, [pscustomobject]@{ PSPath = 'all/two' } | Import-AcmConfig -Delete -Force");
        string[] untouched = There();
        ModuleResult one = _shell.Run("[pscustomobject]@{ PSPath = 'all/two' } | Import-AcmConfig -Delete -Force");

        Assert.Equal("AcmInvalidParameter", several.ErrorId);
        Assert.Empty(several.Output);
        Assert.Equal(["DEFAULT_GROUP/kept=1"], untouched);
        Assert.Empty(one.Errors);
        Assert.Equal(["DEFAULT_GROUP/b=2"], There());
    }

    [Theory]
    [InlineData("config")]
    [InlineData("config.zip")]
    public void R19_what_a_hidden_file_is_called_like_is_not_removed(string source)
    {
        _shell.Run("Set-AcmConfig .env '1'; Set-AcmConfig .x '2' -Group SHOP; Set-AcmConfig y '3' -Group .hidden; Set-AcmConfig .gone '4'").ThrowOnError();
        foreach (string file in new[] { "a", ".env", "SHOP/.x", ".hidden/y" }) _files.Write("config/" + file, "new");
        System.IO.Compression.ZipFile.CreateFromDirectory(Path.Combine(_files.Path, "config"), Path.Combine(_files.Path, "config.zip"));

        ModuleResult result = _shell.Run($"Import-AcmConfig {source} -Delete -Force");

        Assert.Empty(result.Errors);
        Assert.Equal([".hidden/y=3", "DEFAULT_GROUP/.env=1", "DEFAULT_GROUP/a=new", "SHOP/.x=2"], There());
    }

    [Fact]
    public void PassThru_writes_what_was_to_change_instead_of_the_summary()
    {
        _shell.Run("Set-AcmConfig same '1'; Set-AcmConfig changed '2'; Set-AcmConfig gone '3'").ThrowOnError();
        _files.Write("config/same", "1");
        _files.Write("config/changed", "new");
        _files.Write("config/added", "4");

        ModuleResult result = _shell.Run("Import-AcmConfig config -Delete -Force -PassThru | ForEach-Object { \"$_ $($_.State) $($_.Outcome)\" }");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/added Added Done", "DEFAULT_GROUP/changed Changed Done", "DEFAULT_GROUP/gone Removed Done"], result.Texts);
        Assert.Equal(["DEFAULT_GROUP/added=4", "DEFAULT_GROUP/changed=new", "DEFAULT_GROUP/same=1"], There());
    }

    [Fact]
    public void Nothing_is_published_where_one_file_can_not_be_and_each_is_named()
    {
        _files.Write("config/good", "1");
        _files.Write("config/my file.txt", "2");
        _files.Write("config/SHOP/emoji", "ok 😀");

        ModuleResult names = _shell.Run("Import-AcmConfig config");
        File.Delete(Path.Combine(_files.Path, "config", "my file.txt"));
        ModuleResult content = _shell.Run("Import-AcmConfig config");

        Assert.Equal("AcmInvalidKey", names.ErrorId);
        Assert.Contains("'my file.txt' in 'config'", names.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Rename it", names.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("AcmInvalidContent", content.ErrorId);
        Assert.Contains("U+1F600", content.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nothing of 'config' was published.", content.Warnings);
        Assert.Empty(content.Output);
        Assert.Empty(There());
    }

    [Fact]
    public void One_that_fails_is_an_error_and_the_others_go_on()
    {
        _shell.Run("Set-AcmConfig gone '3'").ThrowOnError();
        _files.Write("config/a", "1");
        _files.Write("config/large", new string('x', 102_401));
        _files.Write("config/z", "2");

        ModuleResult result = _shell.Run("Import-AcmConfig config -Delete -Force");

        Assert.Equal("AcmContentTooLarge", result.ErrorId);
        Assert.Equal("DEFAULT_GROUP/large", result.Error.TargetObject.ToString());
        Assert.Equal("config 2 0 0 0 1 1", Numbers(Assert.Single(result.Output)));
        Assert.Contains(result.Warnings, warning => warning.StartsWith("Nothing was removed from namespace test-", StringComparison.Ordinal));
        Assert.Equal(["DEFAULT_GROUP/a=1", "DEFAULT_GROUP/gone=3", "DEFAULT_GROUP/z=2"], There());
    }

    [Fact]
    public async Task A_text_that_the_connection_can_t_encrypt_is_an_error_of_WhatIf_too()
    {
        _files.Write("config/app.yaml", "1");
        _files.Write("config/cipher-db.yaml", "secret");

        ShellResult shown = await SharedShell.RunAsync($"$null = Connect-Acm {_server.Endpoint} {_shell["ns"]} -NoSnapshot; Import-AcmConfig '{_files.Path}/config' -WhatIf | ForEach-Object {{ \"pending $($_.Pending) failed $($_.Failed)\" }}");
        ModuleResult done = _shell.Run("Import-AcmConfig config");

        Assert.DoesNotContain("Add DEFAULT_GROUP/cipher-db.yaml", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Add DEFAULT_GROUP/app.yaml", shown.Output, StringComparison.Ordinal);
        Assert.Contains("pending 1 failed 1", shown.Output, StringComparison.Ordinal);
        Assert.Contains("'DEFAULT_GROUP/cipher-db.yaml' can't be published.", shown.Errors, StringComparison.Ordinal);
        Assert.Equal("AcmInvalidContent", done.ErrorId);
        Assert.Equal("DEFAULT_GROUP/cipher-db.yaml", done.Error.TargetObject.ToString());
        Assert.Contains("-UseKms", done.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("config 1 0 0 0 1 0", Numbers(Assert.Single(done.Output)));
    }

    [Fact]
    public void ContinueOnError_false_stops_and_running_again_finishes()
    {
        _files.Write("config/a", "1");
        _files.Write("config/b", new string('x', 102_401));
        _files.Write("config/c", "2");

        ModuleResult first = _shell.Run("Import-AcmConfig config -ContinueOnError:$false -ThrottleLimit 1");
        string[] between = There();
        _files.Write("config/b", "small");
        ModuleResult second = _shell.Run("Import-AcmConfig config -ContinueOnError:$false");

        Assert.Equal("AcmContentTooLarge", first.ErrorId);
        Assert.Contains(first.Warnings, warning => warning.StartsWith("1 configuration was not attempted", StringComparison.Ordinal));
        Assert.Equal(["DEFAULT_GROUP/a=1"], between);
        Assert.Equal("config 2 0 0 1 0 0", Numbers(Assert.Single(second.Output)));
        Assert.Equal(["DEFAULT_GROUP/a=1", "DEFAULT_GROUP/b=small", "DEFAULT_GROUP/c=2"], There());
    }

    [Theory]
    [InlineData("", "WARNING: Stopped: 1 of 3 configurations were published or removed, and 1 may have been. Run the command again to continue.")]
    [InlineData("-WarningAction Ignore", "")]
    public async Task Ctrl_C_says_how_far_it_came(string parameters, string expected)
    {
        foreach (string name in new[] { "a", "b", "c" }) _files.Write("config/" + name, name);
        var under = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer(request =>
        {
            if (request.IsPoll) return ScriptedReply.Text(200, "text/plain", string.Concat(request.Probe.Where(key => key.Md5.Length > 0).Select(key => $"{key.DataId}%02DEFAULT_GROUP%01")));
            if (request.IsGet) return ScriptedReply.Missing;
            if (!request.Body.Contains("dataId=b&", StringComparison.Ordinal)) return ScriptedReply.Ok;

            under.TrySetResult();
            return ScriptedReply.Hang;
        });
        using PowerShellProcess shell = PowerShellProcess.Start(["-Command", $"$null = Connect-Acm {server.Address} -Direct -NoSnapshot -TimeoutSec 60; Import-AcmConfig '{_files.Path}/config' -ThrottleLimit 1 {parameters}"]);
        await under.Task.WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);

        await shell.InterruptAsync();
        ShellResult result = await shell.WaitForExitAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(expected, result.Output.Trim());
    }

    [Fact]
    public async Task A_pipeline_that_wants_no_more_of_a_finished_import_is_told_of_no_stop()
    {
        foreach (string name in new[] { "a", "b", "c" }) _files.Write("config/" + name, name);

        ShellResult result = await SharedShell.RunAsync($"$null = Connect-Acm {_server.Endpoint} {_shell["ns"]} -NoSnapshot; Import-AcmConfig '{_files.Path}/config' -PassThru | Select-Object -First 2 | ForEach-Object {{ \"$_\" }}");

        Assert.Equal("", result.Errors);
        Assert.Equal(["DEFAULT_GROUP/a", "DEFAULT_GROUP/b"], result.Output.Split('\n'));
        Assert.Equal(["DEFAULT_GROUP/a=a", "DEFAULT_GROUP/b=b", "DEFAULT_GROUP/c=c"], There());
    }

    [Theory]
    [InlineData("'./config' | Import-AcmConfig")]
    [InlineData("'conf*' | Import-AcmConfig -DataId a")]
    [InlineData("[pscustomobject]@{ PSPath = 'config' } | Import-AcmConfig")]
    public void A_path_and_an_item_are_taken_from_the_pipeline(string script)
    {
        _files.Write("config/a", "1");

        ModuleResult result = _shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/a=1"], There());
    }

    [Fact]
    public async Task An_error_that_ends_the_command_says_how_far_it_came_too()
    {
        _files.Write("config/a", "1");
        _files.Write("config/large", new string('x', 102_401));
        _files.Write("config/z", "1");

        ShellResult result = await SharedShell.RunAsync($"$null = Connect-Acm {_server.Endpoint} {_shell["ns"]} -NoSnapshot; Import-AcmConfig '{_files.Path}/config' -ThrottleLimit 1 -ErrorAction Stop");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("WARNING: Stopped: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("of 3 configurations were published or removed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void R18_an_empty_folder_does_not_remove_the_namespace()
    {
        _shell.Run("Set-AcmConfig a '1'; Set-AcmConfig b '2'").ThrowOnError();
        Directory.CreateDirectory(Path.Combine(_files.Path, "empty"));

        ModuleResult refused = _shell.Run("Import-AcmConfig empty -Delete");
        string[] between = There();
        ModuleResult forced = _shell.Run("Import-AcmConfig empty -Delete -Force");

        Assert.Equal("AcmInvalidParameter", refused.ErrorId);
        Assert.Contains("would remove all 2 configurations", refused.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, between.Length);
        Assert.Empty(forced.Errors);
        Assert.Empty(There());
    }

    [Fact]
    public void Removal_that_nobody_can_be_asked_about_is_refused_before_anything_is_published()
    {
        _shell.Run("Set-AcmConfig gone '1'").ThrowOnError();
        _files.Write("config/a", "1");

        ModuleResult result = _shell.Run("Import-AcmConfig config -Delete");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("1 configuration of namespace test-", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Force", result.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["DEFAULT_GROUP/gone=1"], There());
    }

    [Fact]
    public void Confirm_false_answers_the_question_and_keeps_the_guard_against_an_empty_source()
    {
        _shell.Run("Set-AcmConfig a '1'; Set-AcmConfig gone '2'").ThrowOnError();
        _files.Write("config/a", "1");

        ModuleResult answered = _shell.Run("(Import-AcmConfig config -Delete -Confirm:$false).Removed");
        File.Delete(Path.Combine(_files.Path, "config/a"));
        ModuleResult guarded = _shell.Run("$null = Import-AcmConfig config -Delete -Confirm:$false");

        Assert.Empty(answered.Errors);
        Assert.Equal(["1"], answered.Texts);
        Assert.Equal("AcmInvalidParameter", guarded.ErrorId);
        Assert.Equal(["DEFAULT_GROUP/a=1"], There());
    }

    [Fact]
    public void With_Delete_a_piped_value_that_is_no_path_ends_it_before_anything_is_done()
    {
        _shell.Run("Set-AcmConfig gone '1'").ThrowOnError();
        _files.Write("config/a", "1");

        ModuleResult result = _shell.Run("(Get-Item config), 7 | Import-AcmConfig -Delete -Force");

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Equal(["DEFAULT_GROUP/gone=1"], There());
    }

    [Fact]
    public void Removal_stays_within_the_filter()
    {
        _shell.Run("Set-AcmConfig app.old '1'; Set-AcmConfig other '2'; Set-AcmConfig app.old '3' -Group G").ThrowOnError();
        _files.Write("config/app.new", "4");
        _files.Write("config/unasked", "5");

        _shell.Run("Import-AcmConfig config app* DEFAULT_GROUP -Delete -Force").ThrowOnError();

        Assert.Equal(["DEFAULT_GROUP/app.new=4", "DEFAULT_GROUP/other=2", "G/app.old=3"], There());
    }

    [Fact]
    public async Task WhatIf_shows_a_line_an_item_and_what_changes_in_it_and_does_nothing()
    {
        _shell.Run("Set-AcmConfig changed \"a`n-- b`nc`n\"; Set-AcmConfig gone 'g'").ThrowOnError();
        _files.Write("config/changed", "a\n-- d\nc\r\n");
        _files.Write("config/SHOP/added", "new\u001b[31m\n");

        ShellResult shell = await SharedShell.RunAsync($"$null = Connect-Acm {_server.Endpoint} {_shell["ns"]} -NoSnapshot; Import-AcmConfig '{_files.Path}/config' -Delete -WhatIf | ForEach-Object {{ \"pending $($_.Pending)\" }}");

        Assert.Equal("", shell.Errors);
        string place = $"in namespace {_shell["ns"]} of {_server.Endpoint}";
        Assert.Contains($"What if: Change DEFAULT_GROUP/changed {place}\n  # line ends: LF -> CR LF and LF\n  @@ -1,3 +1,3 @@\n   a\n  --- b\n  -c\n  +-- d\n  +c^M\n", shell.Output, StringComparison.Ordinal);
        Assert.Contains($"What if: Add SHOP/added {place}\n  @@ -0,0 +1 @@\n  +new^[[31m\n", shell.Output, StringComparison.Ordinal);
        Assert.Contains($"What if: Remove DEFAULT_GROUP/gone {place}\n", shell.Output, StringComparison.Ordinal);
        Assert.EndsWith("pending 3", shell.Output, StringComparison.Ordinal);
        Assert.Equal(2, There().Length);
    }

    [Theory]
    [InlineData("Import-AcmConfig config -Group shop", "shop/*' was not found in 'config'")]
    [InlineData("Export-AcmConfig out -Group SHOP, DEFAULT_GROUP", "SHOP/*' was not found in namespace ")]
    [InlineData("Copy-AcmConfig * shop -ToNamespace elsewhere", "shop/*' was not found in ")]
    public void A_group_that_is_named_and_has_nothing_is_an_error(string script, string expected)
    {
        _shell.Run("Set-AcmConfig there '1'").ThrowOnError();
        _files.Write("config/SHOP/a", "1");

        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Contains($"Configuration '{expected}", result.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_flat_folder_are_published_in_the_group_that_is_named_and_compared_with_it()
    {
        _shell.Run("Set-AcmConfig old 'x' -Group SHOP; Set-AcmConfig a 'other'").ThrowOnError();
        _files.Write("flat/a", "1");

        ModuleResult result = _shell.Run("Import-AcmConfig ./flat -Group SHOP -Delete -Confirm:$false; Compare-AcmConfig ./flat -Group SHOP -Quiet");

        Assert.Empty(result.Errors);
        Assert.Equal("./flat 1 0 1 0 0 0", Numbers(result.Output[0]));
        Assert.Equal(true, result.Output[1].BaseObject);
        Assert.Equal(["DEFAULT_GROUP/a=other", "SHOP/a=1"], There());
    }

    [Fact]
    public void Files_in_another_encoding_are_published_and_compared_where_it_is_named()
    {
        _files.Write("config/a.txt", 0xD6, 0xD0);

        ModuleResult refused = _shell.Run("Import-AcmConfig config");
        ModuleResult result = _shell.Run("Import-AcmConfig config -Encoding gbk; Compare-AcmConfig config -Encoding gbk -Quiet");

        Assert.Equal("AcmInvalidContent", refused.ErrorId);
        Assert.Contains("encoding", refused.Error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
        Assert.Equal(true, result.Output[1].BaseObject);
        Assert.Equal(["DEFAULT_GROUP/a.txt=中"], There());
    }

    [Fact]
    public void An_export_of_the_Nacos_console_is_told()
    {
        using (var zip = new ZipArchive(File.Create(Path.Combine(_files.Path, "nacos.zip")), ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "DEFAULT_GROUP/a", ".metadata.yml" })
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write("x");
            }
        }

        ModuleResult result = _shell.Run("Import-AcmConfig nacos.zip");

        Assert.Empty(result.Errors);
        Assert.Equal("'nacos.zip' was exported from the Nacos console. Its file of types and descriptions, '.metadata.yml', cannot be read (line 1 is not the key of a list), so types and descriptions are not imported.", Assert.Single(result.Warnings));
        Assert.Equal(["DEFAULT_GROUP/a=x"], There());
    }

    [Fact]
    public void A_name_that_the_folder_does_not_have_is_an_error_and_a_wildcard_without_a_match_is_none()
    {
        _files.Write("config/a", "1");

        ModuleResult result = _shell.Run("Import-AcmConfig config a, missing, none*; Import-AcmConfig config z* DEFAULT_GROUP; Import-AcmConfig config -Prefix z -Group DEFAULT_GROUP; Import-AcmConfig config -Group none*");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Equal("Configuration '*/missing' was not found in 'config'.", result.Error.ToString());
        Assert.Equal(["DEFAULT_GROUP/a=1"], There());
    }

    [Fact]
    public void A_path_that_is_not_there_and_one_that_is_no_zip_are_told()
    {
        _files.Write("text.zip", "no zip");

        ModuleResult missing = _shell.Run("Import-AcmConfig nothing");
        ModuleResult broken = _shell.Run("Import-AcmConfig text.zip");

        Assert.Equal("AcmFileNotFound", missing.ErrorId);
        Assert.Equal("AcmInvalidContent", broken.ErrorId);
        Assert.Contains("is not a valid zip", broken.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_piped_folder_or_zip_is_imported()
    {
        _files.Write("config/a", "1");
        PSObject item = Assert.Single(_shell.Runspace.SessionStateProxy.InvokeProvider.Item.Get(Path.Combine(_files.Path, "config")));

        _shell.Run("$input | Import-AcmConfig", item).ThrowOnError();

        Assert.Equal(["DEFAULT_GROUP/a=1"], There());
    }

    [Fact]
    public void Another_namespace_is_written_to_where_one_is_named()
    {
        _files.Write("config/a", "1");
        string other = _server.NewNamespace();
        _shell["other"] = other;

        _shell.Run("Import-AcmConfig config -Namespace $other").ThrowOnError();

        Assert.Empty(There());
        Assert.Equal(["1"], _shell.Run("Get-AcmConfig a -Namespace $other -Raw").Texts);
    }

    private string[] There() =>
        [.. _shell.Run("Find-AcmConfig | Get-AcmConfig | ForEach-Object { \"$($_.Key)=$($_.Content)\" }").ThrowOnError().Texts.Order(StringComparer.Ordinal)];

    private static string Numbers(PSObject summary) =>
        string.Join(" ", new[] { "Source", "Added", "Changed", "Removed", "Unchanged", "Failed", "Pending" }.Select(name => summary.Properties[name].Value));
}
