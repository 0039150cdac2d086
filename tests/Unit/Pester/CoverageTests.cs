using System.Management.Automation;
using Acm.Tests.Docs;

namespace Acm.Tests.Pester;

/// <summary>Each command has a suite that uses each of its parameter sets.</summary>
public sealed class CoverageTests
{
    public static TheoryData<string> Commands => [.. ModuleCommands.All.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_has_a_suite_that_uses_each_of_its_parameter_sets(string name)
    {
        CmdletInfo command = ModuleCommands.Named(name);
        SuiteFile suite = SuiteFile.All.Single(suite => suite.Name == name);

        HashSet<string?> used = [.. suite.Calls(name).Select(call => ParameterSetUse.Of(command, call))];

        Assert.Equal([], command.ParameterSets.Select(set => set.Name).Where(set => !used.Contains(set)));
    }

    [Fact]
    public void A_suite_is_named_after_a_command() =>
        Assert.Equal([], SuiteFile.All.Select(suite => suite.Name).Where(name => ModuleCommands.All.All(command => command.Name != name)));

    [Fact]
    public void No_suite_lies_where_it_is_not_run() =>
        Assert.Equal(
            Directory.GetFiles(SuiteFile.Folder, "*.Tests.ps1").Order(),
            Directory.GetFiles(SuiteFile.Folder, "*.Tests.ps1", SearchOption.AllDirectories).Order());

    [Theory]
    [InlineData("Set-AcmConfig a 'x'", "Content")]
    [InlineData("'x' | Set-AcmConfig a", "Content")]
    [InlineData("Set-AcmConfig -Path *.yaml -WhatIf", "Path")]
    [InlineData("Set-AcmConfig a -Path *.yaml", "Path")]
    [InlineData("Set-AcmConfig -PSPath a.yaml -Group G", "LiteralPath")]
    [InlineData("Get-ChildItem | Set-AcmConfig -Encoding utf8", "File")]
    [InlineData("Set-AcmConfig -InputObject $file", "File")]
    [InlineData("Set-AcmConfig @all", null)]
    public void The_parameter_set_is_told_from_the_text_of_a_call(string script, string? expected)
    {
        using var files = new Support.TemporaryFiles();
        SuiteFile suite = SuiteFile.Read(files.Write("calls.ps1", script));

        Assert.Equal(expected, ParameterSetUse.Of(ModuleCommands.Named("Set-AcmConfig"), suite.Calls("Set-AcmConfig").Single()));
    }
}
