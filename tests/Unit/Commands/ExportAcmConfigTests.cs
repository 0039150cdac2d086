using System.IO.Compression;
using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class ExportAcmConfigTests : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleShell _shell;

    public ExportAcmConfigTests(ModuleServer server)
    {
        _shell = server.Connect();
        _shell.Location = _files.Path;
        _shell.Run("Set-AcmConfig app.yaml 'a: 1'; Set-AcmConfig db.json '{}' -Group SHOP; Set-AcmConfig app.txt 'x' -Group SHOP").ThrowOnError();
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_folder_is_made_where_the_shell_is_and_a_summary_tells_what_was_done()
    {
        ModuleResult result = _shell.Run("Export-AcmConfig backup");

        Assert.Empty(result.Errors);
        Assert.Equal(["SHOP/app.txt", "SHOP/db.json", "app.yaml"], Files("backup"));
        PSObject summary = Assert.Single(result.Output);
        Assert.Equal("Acm.Client.Transfer.ExportSummary", summary.TypeNames[0]);
        Assert.Equal([Path.Combine(_files.Path, "backup"), 3, 0, 0, 0, 7L, true], new[] { "Path", "Exported", "Unchanged", "Deleted", "Failed", "Bytes", "IsComplete" }.Select(name => summary.Properties[name].Value));
    }

    [Fact]
    public void A_name_that_ends_in_zip_is_a_zip_and_one_that_is_there_is_replaced()
    {
        _files.Write("backup.zip", "no zip at all");

        ModuleResult result = _shell.Run("Export-AcmConfig ./backup.zip");

        Assert.Empty(result.Errors);
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(_files.Path, "backup.zip"));
        Assert.Equal(["SHOP/app.txt", "SHOP/db.json", "app.yaml"], zip.Entries.Select(entry => entry.FullName));
    }

    [Theory]
    [InlineData("-Group SHOP", "SHOP/app.txt SHOP/db.json")]
    [InlineData("-Group SH*, X*", "SHOP/app.txt SHOP/db.json")]
    [InlineData("app.*", "SHOP/app.txt app.yaml")]
    [InlineData("-DataId app.*, db.json -Group SHOP", "SHOP/app.txt SHOP/db.json")]
    [InlineData("-Prefix app", "SHOP/app.txt app.yaml")]
    [InlineData("-Prefix a, d -Group DEFAULT_GROUP", "app.yaml")]
    [InlineData("-Prefix 'a*'", "")]
    [InlineData("-Prefix App", "")]
    public void Filters_choose_what_is_exported(string filter, string expected)
    {
        ModuleResult result = _shell.Run($"Export-AcmConfig backup {filter}");

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(" ", Files("backup")));
    }

    [Fact]
    public void A_name_that_is_not_there_is_an_error_and_the_others_are_exported()
    {
        ModuleResult result = _shell.Run("Export-AcmConfig backup app.yaml, none.yaml, none*");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Contains("none.yaml", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["app.yaml"], Files("backup"));
    }

    [Fact]
    public void A_pattern_that_is_none_ends_the_command()
    {
        ModuleResult result = _shell.Run("Export-AcmConfig backup 'app['");

        Assert.Equal("AcmInvalidKey", result.ErrorId);
        Assert.Empty(Files(""));
    }

    [Fact]
    public void What_is_piped_is_exported_and_nothing_else()
    {
        ModuleResult result = _shell.Run("Find-AcmConfig * SHOP | Export-AcmConfig backup");

        Assert.Empty(result.Errors);
        Assert.Equal(["SHOP/app.txt", "SHOP/db.json"], Files("backup"));
    }

    [Theory]
    [InlineData("Export-AcmConfig out", true)]
    [InlineData("Export-AcmConfig out -Namespace $ns", false)]
    public void Piped_objects_of_another_namespace_are_a_warning_until_it_is_said_which_one_is_meant(string command, bool warns)
    {
        _shell.Run("Set-AcmConfig app.yaml 'other' -Namespace elsewhere").ThrowOnError();

        ModuleResult result = _shell.Run("Find-AcmConfig app.yaml -Namespace elsewhere | " + command);

        Assert.Empty(result.Errors);
        Assert.Equal("a: 1", File.ReadAllText(Path.Combine(_files.Path, "out/app.yaml")));
        string[] expected = warns ? [$"The piped objects come from namespace elsewhere, but their names are read from namespace {_shell["ns"]} of {_shell["endpoint"]}. Specify -Namespace to choose the namespace."] : [];
        Assert.Equal(expected, result.Warnings);
    }

    [Fact]
    public void Nothing_piped_is_nothing_exported_and_never_everything()
    {
        _files.Write("backup.zip", "old");

        ModuleResult result = _shell.Run("Find-AcmConfig none* | Export-AcmConfig backup.zip");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal("old", File.ReadAllText(Path.Combine(_files.Path, "backup.zip")));
    }

    [Fact]
    public void What_is_piped_and_names_no_configuration_is_an_error()
    {
        ModuleResult result = _shell.Run("'app.yaml' | Export-AcmConfig backup");

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Empty(Files(""));
    }

    [Fact]
    public void PassThru_writes_an_object_for_each_file_instead()
    {
        _shell.Run("$null = Export-AcmConfig backup; Set-AcmConfig app.yaml 'a: 2'").ThrowOnError();
        _files.Write("backup/old", "x");

        ModuleResult result = _shell.Run("Export-AcmConfig backup -PassThru -Delete -Force | ForEach-Object { \"$($_.State) $_ $($_.Size)\" }");

        Assert.Empty(result.Errors);
        Assert.Equal(["Deleted DEFAULT_GROUP/old 0", "Exported DEFAULT_GROUP/app.yaml 4", "Unchanged SHOP/app.txt 1", "Unchanged SHOP/db.json 2"], result.Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_asks_nothing()
    {
        _files.Write("backup/old", "x");

        ModuleResult result = _shell.Run("Export-AcmConfig backup -Delete -WhatIf; Export-AcmConfig b.zip -WhatIf");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
        Assert.Equal(["backup/old"], Files(""));
    }

    [Fact]
    public void Delete_asks_and_a_host_that_cannot_ask_is_told_of_Force_and_keeps_the_old_folder()
    {
        _files.Write("backup/old", "x");

        ModuleResult result = _shell.Run("Export-AcmConfig backup -Delete");

        Assert.Equal("AcmConfirmationImpossible", result.ErrorId);
        Assert.Contains("-Force", result.Error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["backup/old"], Files(""));
    }

    [Fact]
    public void Confirm_false_answers_the_question_of_Delete_and_keeps_the_guards()
    {
        for (int i = 0; i < 3; i++) _files.Write($"backup/old-{i}", "x");
        ModuleResult answered = _shell.Run("(Export-AcmConfig backup -Delete -Confirm:$false).Deleted");
        for (int i = 0; i < 20; i++) _files.Write($"backup/old-{i}", "x");

        ModuleResult tiny = _shell.Run("Export-AcmConfig backup -Delete -Confirm:$false");
        ModuleResult nothing = _shell.Run("Export-AcmConfig backup old* -Delete -Confirm:$false");
        ModuleResult nobody = _shell.Run("Export-AcmConfig backup -Delete -Confirm:$false -Namespace nobody; Export-AcmConfig new.zip -Namespace nobody");

        Assert.Equal(["3"], answered.Texts);
        Assert.Equal("AcmInvalidParameter", tiny.ErrorId);
        Assert.Equal("AcmInvalidParameter", nothing.ErrorId);
        Assert.Equal(["AcmConfigNotFound", "AcmConfigNotFound"], nobody.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(20, Files("backup").Count(file => file.StartsWith("old", StringComparison.Ordinal)));
        Assert.False(File.Exists(Path.Combine(_files.Path, "new.zip")));
    }

    [Theory]
    [InlineData("(Find-AcmConfig)[0], 7 | Export-AcmConfig backup -Delete -Force")]
    [InlineData("(Find-AcmConfig)[0], $null | Export-AcmConfig backup")]
    public void A_record_that_names_nothing_ends_it_before_anything_is_done(string script)
    {
        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Empty(Files(""));
    }

    [Fact]
    public void Delete_with_Force_leaves_hidden_files_alone()
    {
        foreach (string file in new[] { "old", "SHOP/old", ".git/HEAD", ".git/hooks/x" }) _files.Write("backup/" + file, "x");

        ModuleResult result = _shell.Run("(Export-AcmConfig ./backup/ -Delete -Force).Deleted");

        Assert.Empty(result.Errors);
        Assert.Equal(["2"], result.Texts);
        Assert.Equal([".git/HEAD", ".git/hooks/x", "SHOP/app.txt", "SHOP/db.json", "app.yaml"], Files("backup"));
    }

    [Theory]
    [InlineData("Export-AcmConfig backup.zip none.yaml", "AcmConfigNotFound")]
    [InlineData("Export-AcmConfig backup.zip none*", "")]
    [InlineData("Export-AcmConfig backup.zip -Namespace empty-one", "")]
    public void An_empty_zip_takes_the_place_of_another_only_with_Force(string script, string missing)
    {
        _files.Write("backup.zip", "old");

        ModuleResult result = _shell.Run(script);
        string kept = File.ReadAllText(Path.Combine(_files.Path, "backup.zip"));
        ModuleResult forced = _shell.Run(script + " -Force");

        Assert.Equal(script.Contains("empty-one", StringComparison.Ordinal) ? "AcmConfigNotFound" : "AcmInvalidParameter", result.Errors[^1].FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(missing.Length == 0 ? 1 : 2, result.Errors.Count);
        Assert.Empty(result.Output);
        Assert.Equal("old", kept);
        Assert.Single(forced.Output);
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(_files.Path, "backup.zip"));
        Assert.Empty(zip.Entries);
    }

    [Fact]
    public void ErrorAction_Stop_leaves_the_old_zip()
    {
        _files.Write("backup.zip", "old");

        ModuleResult result = _shell.Run("Export-AcmConfig backup.zip none.yaml, app.yaml -ErrorAction Stop");

        Assert.Equal("AcmConfigNotFound", result.ErrorId);
        Assert.Equal(["backup.zip"], Files(""));
        Assert.Equal("old", File.ReadAllText(Path.Combine(_files.Path, "backup.zip")));
    }

    [Fact]
    public void A_wildcard_in_the_path_has_to_name_one_folder_and_LiteralPath_takes_it_as_it_is()
    {
        _files.Write("backup-1/.keep", "");

        ModuleResult one = _shell.Run("(Export-AcmConfig 'backup-*').Path");
        ModuleResult none = _shell.Run("Export-AcmConfig 'none-*'");
        ModuleResult literal = _shell.Run("(Export-AcmConfig -LiteralPath 'b[1]').Exported");

        Assert.Equal([Path.Combine(_files.Path, "backup-1")], one.Texts);
        Assert.Equal("AcmInvalidParameter", none.ErrorId);
        Assert.Equal(["3"], literal.Texts);
        Assert.True(File.Exists(Path.Combine(_files.Path, "b[1]", "app.yaml")));
    }

    [Theory]
    [InlineData("Export-AcmConfig file.txt")]
    [InlineData("Export-AcmConfig variable:x")]
    public void A_target_that_can_be_none_is_refused_before_anything_is_read(string script)
    {
        _files.Write("file.txt", "x");

        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmInvalidParameter", result.ErrorId);
        Assert.Equal(ErrorCategory.InvalidArgument, result.Error.CategoryInfo.Category);
        Assert.Equal(["file.txt"], Files(""));
    }

    // The first export finds out that the server has no batch get: an export that does not know it yet reads a whole batch before it writes.
    [Theory]
    [InlineData("Export-AcmConfig '{0}/out'", "Stopped: nothing was written to '{0}/out'.", "")]
    [InlineData("Export-AcmConfig '{0}/out/all.zip'", "Stopped: nothing was written to '{0}/out/all.zip'.", "")]
    [InlineData("$null = Export-AcmConfig '{0}/first' -DataId a, b -Group G; Remove-Item '{0}/first' -Recurse; Export-AcmConfig -ToFailover", "Stopped: [12] of 3 configurations were written to '{0}/failover'. Run the command again to write the others.", "failover")]
    public async Task Ctrl_C_says_what_was_written_and_leaves_no_empty_folder(string script, string expected, string left)
    {
        var under = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer(request =>
        {
            if (request.IsList) return ScriptedReply.Text(200, "application/json", """{"totalCount":3,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"appName":"","dataId":"a","group":"G"},{"appName":"","dataId":"c","group":"G"},{"appName":"","dataId":"b","group":"G"}]}""");
            if (request.IsBatch) return ScriptedReply.Missing;
            if (request.Field("dataId") != "c") return ScriptedReply.Content("x");

            under.TrySetResult();
            return ScriptedReply.Hang;
        });
        string command = string.Format(System.Globalization.CultureInfo.InvariantCulture, script, _files.Path);
        using PowerShellProcess shell = PowerShellProcess.Start(["-Command", $"$null = Connect-Acm {server.Address} -Direct -NoSnapshot -TimeoutSec 600 -FailoverPath '{_files.Path}/failover'; {command} -ThrottleLimit 1"]);
        await under.Task.WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken);
        // The request for a key can start before the content of the key before it is written.
        if (left.Length > 0) await Polling.UntilAsync(() => Array.Exists(Files(left), file => Path.GetFileName(file) == "a"));

        await shell.InterruptAsync();
        ShellResult result = await shell.WaitForExitAsync();

        Assert.Matches("^WARNING: " + string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, _files.Path) + "$", result.Output.Trim().ReplaceLineEndings(" "));
        Assert.Equal(left, string.Join(" ", Directory.EnumerateFileSystemEntries(_files.Path).Select(Path.GetFileName)));
    }

    [Fact]
    public async Task A_pipeline_that_wants_no_more_of_a_finished_export_is_told_of_no_stop()
    {
        ShellResult result = await SharedShell.RunAsync($"$null = Connect-Acm {_shell["endpoint"]} {_shell["ns"]} -NoSnapshot; Export-AcmConfig '{_files.Path}/out' -PassThru | Select-Object -First 2 | ForEach-Object {{ \"$_\" }}");

        Assert.Equal("", result.Errors);
        Assert.Equal(2, result.Output.Split('\n').Length);
        Assert.DoesNotContain("Stopped", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ToFailover_goes_to_the_sessions_failover_folder_and_answers_from_then_on()
    {
        ModuleResult result = _shell.Run(
            """
            $null = Connect-Acm $endpoint $ns -NoSnapshot -FailoverPath ./failover
            (Export-AcmConfig -ToFailover -Group SHOP).Exported
            Set-AcmConfig db.json '{"new":1}' -Group SHOP
            Get-AcmConfig db.json SHOP | ForEach-Object { "$($_.Source) $($_.Content)" }
            """);

        Assert.Empty(result.Errors);
        Assert.Equal(["2", "Failover {}"], result.Texts);
    }

    private string[] Files(string folder)
    {
        string root = Path.Combine(_files.Path, folder);
        return Directory.Exists(root)
            ? [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)]
            : [];
    }
}
