using System.IO.Compression;
using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class CompareAcmConfigTests : IClassFixture<ModuleServer>, IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleServer _server;
    private readonly ModuleShell _shell;

    public CompareAcmConfigTests(ModuleServer server)
    {
        _server = server;
        _shell = server.Connect();
        _shell.Location = _files.Path;
        _shell["to"] = server.NewNamespace();
        _shell.Run("""
            Set-AcmConfig same "s`n"; Set-AcmConfig changed "old`n"; Set-AcmConfig server "x`n" -Group G
            Set-AcmConfig same "s`n" -Namespace $to; Set-AcmConfig changed "prod`n" -Namespace $to
            $other = Connect-Acm $endpoint $to -NoSnapshot
            $null = Connect-Acm $endpoint $ns -NoSnapshot
            """).ThrowOnError();
        _files.Write("config/same", "s\n");
        _files.Write("config/changed", "new\n");
        _files.Write("config/G/folder", "y\n");
        ZipFile.CreateFromDirectory(Path.Combine(_files.Path, "config"), Path.Combine(_files.Path, "config.zip"));
        File.Copy(Path.Combine(_files.Path, "config.zip"), Path.Combine(_files.Path, "acm-[default].zip"));
    }

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("Compare-AcmConfig ./config", "changed Changed, folder Added, server Removed")]
    [InlineData("Compare-AcmConfig config.zip", "changed Changed, folder Added, server Removed")]
    [InlineData("Compare-AcmConfig ./config ./config.zip", "")]
    [InlineData("Compare-AcmConfig 'acm-[default].zip' conf[i]g", "")]
    [InlineData("Compare-AcmConfig -ToPath ./config", "changed Changed, folder Removed, server Added")]
    [InlineData("Compare-AcmConfig -Namespace $ns -ToNamespace $to", "changed Changed, server Added")]
    [InlineData("Compare-AcmConfig -ToSession $other", "changed Changed, server Added")]
    [InlineData("Compare-AcmConfig ./config -ToNamespace $to", "changed Changed, folder Added")]
    [InlineData("Compare-AcmConfig ./config -Namespace $to", "changed Changed, folder Added")]
    [InlineData("Compare-AcmConfig -ToNamespace $ns", "")]
    [InlineData("Compare-AcmConfig ./config -IncludeEqual", "changed Changed, folder Added, same Unchanged, server Removed")]
    [InlineData("Compare-AcmConfig ./config -Group G", "folder Added, server Removed")]
    [InlineData("Compare-AcmConfig ./config -DataId c*, s* -Prefix ch", "changed Changed")]
    public void Sides_are_folders_zips_and_namespaces(string script, string expected)
    {
        ModuleResult result = _shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(", ", result.Output.Select(o => $"{o.Properties["DataId"].Value} {o.Properties["State"].Value}").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Each_difference_has_a_unified_diff_and_the_names_of_both_sides()
    {
        ModuleResult result = _shell.Run("Compare-AcmConfig ./config -DataId changed");

        PSObject difference = Assert.Single(result.Output);
        Assert.Equal("AcmPowerShell.AcmConfigDifference", difference.TypeNames[0]);
        Assert.Equal(
            ["DEFAULT_GROUP", "changed", "Changed", 1, 1, "./config", _shell["ns"], false],
            new[] { "Group", "DataId", "State", "AddedLines", "RemovedLines", "Source", "Target", "IsEncrypted" }.Select(name => difference.Properties[name].Value is Enum state ? state.ToString() : difference.Properties[name].Value));
        Assert.Equal($"--- {_shell["ns"]}/DEFAULT_GROUP/changed\n+++ ./config/DEFAULT_GROUP/changed\n@@ -1 +1 @@\n-old\n+new\n", difference.Properties["Diff"].Value);
    }

    [Theory]
    [InlineData("Compare-AcmConfig ./config -Quiet", false)]
    [InlineData("Compare-AcmConfig ./config -DataId same -Quiet", true)]
    [InlineData("Compare-AcmConfig ./config ./config.zip -Quiet", true)]
    public void Quiet_only_says_whether_both_are_equal(string script, bool expected) =>
        Assert.Equal(expected, Assert.Single(_shell.Run(script).ThrowOnError().Output).BaseObject);

    [Fact]
    public void Two_local_sides_need_no_connection()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Location = _files.Path;
        _files.Write("config/only-here", "z 😀");

        ModuleResult result = shell.Run("Compare-AcmConfig config.zip config");

        Assert.Empty(result.Errors);
        Assert.Equal(["DEFAULT_GROUP/only-here"], result.Texts);
        Assert.Equal("AcmNotConnected", shell.Run("Compare-AcmConfig config").ErrorId);
    }

    [Theory]
    [InlineData("Compare-AcmConfig")]
    [InlineData("Compare-AcmConfig ./config ./config.zip -ToNamespace x")]
    public void What_makes_no_two_sides_is_refused(string script) => Assert.Equal("AcmInvalidParameter", _shell.Run(script).ErrorId);

    [Fact]
    public async Task The_views_fit_and_show_the_diff_without_letting_it_act()
    {
        _files.Write("config/changed", "new\r\n\u001b]0;title\u0007\n");

        ShellResult shell = await SharedShell.RunAsync($"$null = Connect-Acm {_server.Endpoint} {_shell["ns"]} -NoSnapshot; Compare-AcmConfig '{_files.Path}/config'; Compare-AcmConfig '{_files.Path}/config' -DataId changed | Format-List");

        Assert.Equal("", shell.Errors);
        string[] lines = [.. shell.Output.Split('\n').Select(line => line.TrimEnd())];
        Assert.Contains(lines, line => line.StartsWith("State     Group                DataId ", StringComparison.Ordinal) && line.EndsWith(" Lines", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Changed   DEFAULT_GROUP        changed", StringComparison.Ordinal) && line.EndsWith("+2 -1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Trim() == "+new^M");
        Assert.Contains(lines, line => line.Trim() == "+^[]0;title^G");
        Assert.DoesNotContain('\u001b', shell.Output);
    }
}
