using System.Management.Automation;
using System.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class SetAcmConfigFileTests : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleShell _shell;

    public SetAcmConfigFileTests(ModuleServer server)
    {
        _shell = server.Connect();
        _shell.Location = _files.Path;
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_piped_file_is_published_under_its_name_and_its_own_group_is_no_group_of_ours()
    {
        _files.Write("a.json", "{}\r\n");
        _files.Write("b.yaml", "b: 中\n");
        PSObject[] items = [.. _shell.Runspace.SessionStateProxy.InvokeProvider.ChildItem.Get(_files.Path, false)];
        foreach (PSObject item in items.Where(item => item.Properties["Group"] is null)) item.Properties.Add(new PSNoteProperty("Group", "root"));

        ModuleResult result = _shell.Run("$input | Set-AcmConfig; Get-AcmConfig * -Group * | ForEach-Object { \"$($_.Key)=$($_.Content)\" }", items);

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/a.json={}\r\n", "DEFAULT_GROUP/b.yaml=b: 中\n"], result.Texts.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Set-AcmConfig app.json -Path ./a.json -PassThru")]
    [InlineData("Set-AcmConfig app.json -LiteralPath ./a.json -PassThru")]
    [InlineData("$file | Set-AcmConfig app.json -PassThru")]
    public void The_data_id_of_a_file_comes_first(string script)
    {
        _shell["file"] = new FileInfo(_files.Write("a.json", "{}"));

        ModuleResult result = _shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/app.json"], result.Output.Select(one => one.Properties["Key"].Value.ToString()));
    }

    [Fact]
    public void A_piped_files_group_and_data_id_come_from_the_command_line()
    {
        _shell["file"] = new FileInfo(_files.Write("a.json", "{}"));

        ModuleResult result = _shell.Run("$file | Set-AcmConfig -Group G -PassThru; $file | Set-AcmConfig -DataId other -PassThru");

        Assert.Empty(result.Errors);
        Assert.Equal(["G/a.json", "DEFAULT_GROUP/other"], result.Output.Select(one => one.Properties["Key"].Value.ToString()));
    }

    [Fact]
    public void A_string_with_a_path_note_as_Get_Content_writes_it_is_content()
    {
        PSObject line = new("line of text");
        line.Properties.Add(new PSNoteProperty("PSPath", _files.Write("a.json", "{}")));

        ModuleResult result = _shell.Run("$input | Set-AcmConfig x; Get-AcmConfig x -Raw", line);

        Assert.Empty(result.Errors);
        Assert.Equal(["line of text"], result.Texts);
    }

    [Fact]
    public void Path_takes_wildcards_and_paths_relative_to_the_shells_location()
    {
        _files.Write("a.json", "{}");
        _files.Write("b.json", "[]");
        _files.Write("c.txt", "c");

        ModuleResult result = _shell.Run("Set-AcmConfig -Path *.json -PassThru");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/a.json", "DEFAULT_GROUP/b.json"], result.Output.Select(one => one.Properties["Key"].Value.ToString()));
    }

    [Fact]
    public void LiteralPath_takes_brackets_as_they_are()
    {
        _files.Write("[x].json", "{}");

        ModuleResult result = _shell.Run("Set-AcmConfig -LiteralPath '[x].json' -DataId x.json -PassThru | ForEach-Object Content");

        Assert.Empty(result.Errors);
        Assert.Equal(["{}"], result.Texts);
    }

    [Fact]
    public void A_path_of_another_provider_is_read_through_it()
    {
        ModuleResult result = _shell.Run("$global:lines = 'a', 'b'; Set-AcmConfig -Path variable:lines -PassThru | ForEach-Object { \"$($_.Key)=$($_.Content)\" }");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/lines=a\nb"], result.Texts);
    }

    [Fact]
    public void A_leading_byte_order_mark_is_dropped_with_a_verbose_line()
    {
        _files.Write("utf8.txt", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes("中\r\n")]);
        _files.Write("utf16.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("中\n")]);
        _files.Write("plain.txt", "中");

        ModuleResult result = _shell.Run("Set-AcmConfig -Path utf8.txt, utf16.txt, plain.txt -PassThru -Verbose | ForEach-Object Content");

        Assert.Equal(["中\r\n", "中\n", "中"], result.Texts);
        Assert.Equal(2, result.Verbose.Count(line => line.Contains("byte order mark", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("gbk")]
    [InlineData("936")]
    [InlineData("gb18030")]
    public void Encoding_overrides(string encoding)
    {
        _files.Write("gbk.txt", 0xD6, 0xD0);

        ModuleResult result = _shell.Run($"Set-AcmConfig -Path gbk.txt -Encoding {encoding} -PassThru | ForEach-Object Content");

        Assert.Empty(result.Errors);
        Assert.Equal(["中"], result.Texts);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_an_error_that_names_the_way_out_and_the_other_files_go_on()
    {
        _files.Write("a.txt", 0xD6, 0xD0);
        _files.Write("b.txt", "b");

        ModuleResult result = _shell.Run("Set-AcmConfig -Path a.txt, b.txt -PassThru");

        Assert.Equal(["DEFAULT_GROUP/b.txt"], result.Output.Select(one => one.Properties["Key"].Value.ToString()));
        Assert.Equal("AcmInvalidContent", result.ErrorId);
        Assert.Contains("-Encoding", result.Error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-AcmConfig -LiteralPath missing.txt", "AcmFileNotFound")]
    [InlineData("Set-AcmConfig -Path missing.txt", "PathNotFound")]
    [InlineData("Set-AcmConfig -Path nodrive:x", "DriveNotFound")]
    [InlineData("Set-AcmConfig -LiteralPath .", "AcmFileUnreadable")]
    [InlineData("Set-AcmConfig -LiteralPath a.txt -Encoding nonsense", "ParameterArgumentTransformationError")]
    [InlineData("Set-AcmConfig -LiteralPath a.txt, b.txt -DataId one", "AcmInvalidParameter")]
    public void A_file_that_can_not_be_read_is_an_error(string script, string id)
    {
        _files.Write("a.txt", "a");
        _files.Write("b.txt", "b");

        ModuleResult result = _shell.Run(script);
        ModuleResult stored = _shell.Run("Find-AcmConfig");

        Assert.Equal(id, result.ErrorId);
        Assert.Empty(stored.Output);
    }
}
