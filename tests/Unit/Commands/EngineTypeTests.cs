using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Scripts can name the types of the cmdlets' output and exceptions, although the engine is loaded in a separate context.</summary>
public sealed class EngineTypeTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    // All types of the product that are reachable from the cmdlets' output types by public properties.
    private const string Reached = """
        $found = [System.Collections.Generic.HashSet[type]]::new()
        $open = [System.Collections.Generic.Queue[type]]::new()
        foreach ($type in (Get-Command -Module Acm).OutputType.Type) { $open.Enqueue($type) }
        $open.Enqueue([AcmPowerShell.AcmSession].Assembly.GetType('Acm.Client.AcmException'))
        while ($open.Count) {
            $type = $open.Dequeue()
            foreach ($argument in $type.GetGenericArguments()) { $open.Enqueue($argument) }
            if ($type.Namespace -notlike 'Acm*' -or -not $found.Add($type)) { continue }
            foreach ($property in $type.GetProperties()) { $open.Enqueue($property.PropertyType) }
        }

        foreach ($type in $found) { if ("$type" -as [type] -ne $type) { "$type" } }
        "$($found.Count) types"
        """;

    [Fact]
    public void Every_type_that_a_command_writes_can_be_named_with_all_that_it_holds()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run(Reached);

        Assert.Empty(result.Errors);
        Assert.Matches("^[2-9][0-9] types$", Assert.Single(result.Texts));
    }

    [Theory]
    [InlineData("try { Get-AcmConfig none -ErrorAction Stop } catch [Acm.Client.AcmException] { $_.Exception.Kind }", "ConfigNotFound")]
    [InlineData("& { param([Acm.Client.AcmConfig] $c) $c.Content } (Get-AcmConfig a)", "x")]
    [InlineData("(Get-AcmConfig a) -is [acm.client.acmconfig]", "True")]
    [InlineData("(Get-AcmConfig a).Source -eq [Acm.Client.ConfigSource]::Server", "True")]
    [InlineData("try { & { param([Acm.Client.AcmConfig] $c) } (Find-AcmConfig) } catch { $_.FullyQualifiedErrorId }", "ParameterArgumentTransformationError")]
    public void A_script_names_them(string script, string expected)
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig a 'x'").ThrowOnError();

        ModuleResult result = shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal([expected], result.Texts);
    }

    [Fact]
    public void They_stay_named_in_one_runspace_when_another_removes_the_module()
    {
        using ModuleShell one = ModuleShell.Open();
        using ModuleShell other = ModuleShell.Open();
        one["manifest"] = ModuleShell.Manifest;

        one.Run("Remove-Module Acm").ThrowOnError();
        ModuleResult elsewhere = other.Run("[Acm.Client.AcmConfig].Name");
        ModuleResult again = one.Run("Import-Module $manifest; [Acm.Client.AcmConfig].Name");

        Assert.Equal(["AcmConfig"], elsewhere.Texts);
        Assert.Equal(["AcmConfig"], again.Texts);
    }

    [Theory]
    [InlineData("Core")]
    [InlineData("Desktop")]
    public async Task They_are_named_in_each_flavour(string flavour)
    {
        string script = $"Import-Module '{ModuleShell.Manifest}'; [Acm.Client.AcmConfig].Name; {Reached.ReplaceLineEndings("\n")}";

        ShellResult result = await PowerShellProcess.RunAsync(
            ["-Command", script], environment: new Dictionary<string, string?> { ["ACM_FLAVOUR"] = flavour == "Core" ? null : $"/../{flavour}" });

        Assert.Equal("", result.Errors);
        Assert.Matches("^AcmConfig\n[2-9][0-9] types$", result.Output);
    }
}
