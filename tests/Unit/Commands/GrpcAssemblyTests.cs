using System.Reflection;
using System.Reflection.Emit;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The gRPC assemblies are only loaded when a watcher uses push, and in the module's load context.</summary>
public sealed class GrpcAssemblyTests
{
    [Fact]
    public async Task They_are_loaded_by_the_first_watcher_beside_those_of_another_module()
    {
        using var files = new TemporaryFiles();
        string other = Fake(files);
        string script = $$"""
            function Get-Loaded { [System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName() } | Where-Object Name -like 'Grpc*' | ForEach-Object { "$($_.Name) $($_.Version.Major)" } | Sort-Object }
            Import-Module '{{ModuleShell.Manifest}}'
            $server = Start-AcmServer -InMemory -NacosGeneration 3
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot
            Set-AcmConfig app.yaml 'a: 1'; $null = Get-AcmConfig app.yaml; $null = Find-AcmConfig
            "before: $(Get-Loaded)"
            $null = [System.Reflection.Assembly]::LoadFrom('{{other}}')
            Register-AcmWatcher app.yaml -SourceIdentifier app -NoInitial
            while (-not (Get-AcmWatcher).Transport) { $null = Get-AcmWatcher }
            "$((Get-AcmWatcher).Transport)"
            Set-AcmConfig app.yaml 'a: 2'
            (Wait-Event -SourceIdentifier app -Timeout 60).SourceEventArgs.Content
            "after: $(Get-Loaded)"
            Stop-AcmServer
            """;

        ShellResult result = await PowerShellProcess.RunAsync(["-Command", script]);

        Assert.Equal("", result.Errors);
        Assert.Equal(
            ["before: ", "Grpc", "a: 2", "after: Grpc.Core.Api 2 Grpc.Net.Client 2 Grpc.Net.Client 99 Grpc.Net.Common 2"],
            result.Output.Split('\n'));
    }

    private static string Fake(TemporaryFiles files)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Grpc.Net.Client") { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        assembly.DefineDynamicModule("Grpc.Net.Client").DefineType("Fake.Marker", TypeAttributes.Public | TypeAttributes.Class).CreateType();
        string path = Path.Combine(files.Path, "Grpc.Net.Client.dll");
        assembly.Save(path);
        return path;
    }
}
