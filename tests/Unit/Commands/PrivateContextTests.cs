using System.Reflection;
using System.Reflection.Emit;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class PrivateContextTests
{
    [Fact]
    public async Task A_session_that_loaded_clashing_versions_first_is_not_harmed_and_does_not_harm_us()
    {
        using var files = new TemporaryFiles();
        string polly = Fake(files, "Polly.Core");
        string json = Fake(files, "System.Text.Json");
        string script = $$"""
            $polly = [System.Reflection.Assembly]::LoadFrom('{{polly}}')
            $json = [System.Reflection.Assembly]::LoadFile('{{json}}')
            Import-Module '{{ModuleShell.Manifest}}'
            Start-AcmServer -InMemory | Connect-Acm -NoSnapshot | ForEach-Object { 'connected' }
            Set-AcmConfig a '中'; Get-AcmConfig a -Raw; Find-AcmConfig | ForEach-Object { "$_" }
            # What asks KMS waits between its tries with a library of ours, and is the one that loads it.
            $secret = [securestring]::new(); $secret.AppendChar('s')
            $kms = Connect-Acm 127.0.0.1:1 -Direct -NoDefault -NoSnapshot -AccessKey ak -SecretKey $secret -UseKms -KmsEndpoint https://127.0.0.1:1
            (Test-AcmEncryption -Session $kms | Where-Object Check -eq GenerateDataKey).Status
            $polly.CreateInstance('Fake.Marker').ToString(); $json.CreateInstance('Fake.Marker').ToString()
            [System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { $_.GetName() } | Where-Object { $_.Name -eq 'Polly.Core' } | ForEach-Object { "Polly.Core $($_.Version.Major)" }
            [System.Reflection.Assembly]::Load('Polly.Core').Location -eq '{{polly}}'
            Stop-AcmServer
            """;

        ShellResult result = await PowerShellProcess.RunAsync(["-Command", script]);

        Assert.Equal("", result.Errors);
        Assert.Equal(
            ["connected", "中", "DEFAULT_GROUP/a", "Failed", "Fake.Marker", "Fake.Marker", "Polly.Core 99", "Polly.Core 8", "True"],
            result.Output.Split('\n'));
    }

    private static string Fake(TemporaryFiles files, string name)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = new Version(99, 0, 0, 0) }, typeof(object).Assembly);
        assembly.DefineDynamicModule(name).DefineType("Fake.Marker", TypeAttributes.Public | TypeAttributes.Class).CreateType();
        string path = Path.Combine(files.Path, name + ".dll");
        assembly.Save(path);
        return path;
    }
}
