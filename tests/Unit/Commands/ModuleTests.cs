using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class ModuleTests
{
    [Fact]
    public void The_manifest_is_valid_and_exports_exactly_the_compiled_cmdlets()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult manifest = shell.Run($"(Test-ModuleManifest '{ModuleShell.Manifest}').ExportedCmdlets.Keys | ForEach-Object {{ $_ }}");
        ModuleResult compiled = shell.Run("""
            (Get-Command Connect-Acm).ImplementingType.Assembly.GetExportedTypes() |
                ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } |
                ForEach-Object { $_.VerbName + '-' + $_.NounName }
            """);

        Assert.Empty(manifest.Errors);
        Assert.NotEmpty(compiled.Texts);
        Assert.Equal(compiled.Texts.Order(StringComparer.Ordinal), manifest.Texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifest_is_data_alone()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run($"$data = Import-PowerShellDataFile '{ModuleShell.Manifest}'; $data.RootModule; $data.CmdletsToExport.Count -eq (Get-Command -Module Acm).Count; (Get-Command Connect-Acm).ModuleName");

        Assert.Empty(result.Errors);
        Assert.Equal(["Acm.psm1", "True", "Acm"], result.Texts);
    }

    [Fact]
    public void Every_verb_is_approved()
    {
        using ModuleShell shell = ModuleShell.Open();
        string[] approved =
        [
            .. new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
                .SelectMany(type => type.GetFields()).Select(field => (string)field.GetValue(null)!),
        ];

        ModuleResult result = shell.Run("Get-Command -Module Acm | ForEach-Object Verb");

        Assert.NotEmpty(result.Texts);
        Assert.All(result.Texts, verb => Assert.Contains(verb, approved));
    }

    [Fact]
    public void No_command_takes_the_namespace_from_the_pipeline()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            foreach ($command in Get-Command -Module Acm | Where-Object { $_.Parameters.ContainsKey('Namespace') }) {
                "$command " + @($command.Parameters['Namespace'].Attributes | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count
            }
            """);

        Assert.Contains("Get-AcmConfig 0", result.Texts);
        Assert.All(result.Texts, line => Assert.EndsWith(" 0", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_module_can_be_imported_twice_and_keeps_its_session()
    {
        using ModuleShell shell = ModuleShell.Open();
        shell.Run("$null = Connect-Acm 127.0.0.1:1 -NoSnapshot").ThrowOnError();

        ModuleResult result = shell.Run($"Import-Module '{ModuleShell.Manifest}'; Get-AcmSession");

        Assert.Empty(result.Errors);
        Assert.Single(result.Output);
    }

    [Theory]
    [InlineData("Remove-Module Acm; Import-Module $manifest")]
    [InlineData("Import-Module $manifest -Force")]
    public void Removing_the_module_ends_the_sessions_of_its_runspace_only(string script)
    {
        using ModuleShell shell = ModuleShell.Open();
        using ModuleShell other = ModuleShell.Open();
        shell["manifest"] = ModuleShell.Manifest;
        shell.Run("$first = Connect-Acm 127.0.0.1:1 -NoSnapshot; $second = Connect-Acm 127.0.0.1:2 -NoSnapshot").ThrowOnError();
        other.Run("$null = Connect-Acm 127.0.0.1:3 -NoSnapshot").ThrowOnError();

        ModuleResult result = shell.Run(script + "; Get-AcmSession; $first.IsConnected; $second.IsConnected");
        ModuleResult elsewhere = other.Run("(Get-AcmSession).IsConnected");

        Assert.Empty(result.Errors);
        Assert.Equal(["False", "False"], result.Texts);
        Assert.Equal(["True"], elsewhere.Texts);
    }

    [Fact]
    public void The_types_that_scripts_name_are_found_by_name()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("(Connect-Acm 127.0.0.1:1 -NoSnapshot) -is [AcmPowerShell.AcmSession]");

        Assert.Equal(["True"], result.Texts);
    }

    [Fact]
    public void The_flavour_is_the_one_that_this_process_is_for()
    {
        using ModuleShell shell = ModuleShell.Open();
        string flavour = Path.GetFileName(Environment.GetEnvironmentVariable("ACM_FLAVOUR")) ?? "Core";

        ModuleResult result = shell.Run("(Get-Command Connect-Acm).ImplementingType.Assembly.Location");

        Assert.Equal(flavour, Path.GetFileName(Path.GetDirectoryName(Assert.Single(result.Texts))));
    }

    [Fact]
    public void Nothing_is_staged_that_the_shared_framework_of_powershell_7_has()
    {
        string folder = Path.Combine(Path.GetDirectoryName(ModuleShell.Manifest)!, "bin", "Core");

        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

        Assert.Equal(["AcmPowerShell.dll", "deps/Acm.Client.dll", "deps/Grpc.Core.Api.dll", "deps/Grpc.Net.Client.dll", "deps/Grpc.Net.Common.dll", "deps/Microsoft.Extensions.Logging.Abstractions.dll", "deps/Polly.Core.dll", "deps/YamlDotNet.dll"], files);
    }
}
