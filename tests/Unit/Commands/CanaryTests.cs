using System.Diagnostics;
using System.Globalization;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>
/// Puts secrets into every input, runs all commands with output in a shell with maximum verbosity, and searches the output, errors,
/// trace, local files and process arguments for them.
/// </summary>
public sealed class CanaryTests : IAsyncDisposable
{
    /// <summary>The access key ID, which is not a secret: Start-AcmServer passes it in the arguments of the server.</summary>
    private const string AccessKey = "LTAI5tExampleOfTheTest";

    // Each kind of working or failing connection, followed by all commands that show it. Secrets are in variables, because lines of the script may be shown.
    private const string Script = """
        # With -Debug, PowerShell asks after each warning otherwise.
        $PSDefaultParameterValues['*-Acm*:WarningAction'] = 'Continue'
        $ErrorActionPreference = 'Continue'; $VerbosePreference = 'Continue'; $DebugPreference = 'Continue'
        Import-Module $env:T_VAULT
        function Secure($text) { ConvertTo-SecureString $text -AsPlainText -Force }
        $data = @{ Endpoint = $env:T_DATA; Direct = $true; SnapshotPath = "$env:T_FOLDER/snapshot"; FailoverPath = "$env:T_FOLDER/failover"; TracePath = "$env:T_FOLDER/trace.txt"; TimeoutSec = 10 }
        $sts = @{ StsEndpoint = $env:T_STS; CaCertificatePath = $env:T_CA }
        $kms = @{ UseKms = $true; KmsRegionId = 'cn-hangzhou'; KmsEndpoint = $env:T_KMS; CaCertificatePath = $env:T_KMS_CA }
        $keys = @{ AccessKey = $env:T_AK; SecretKey = (Secure $env:T_SK) }
        $connections = [ordered] @{
            Lasting = $keys
            Temporary = $keys + @{ SecurityToken = (Secure $env:T_TOKEN) }
            Credential = @{ Credential = [pscredential]::new($env:T_AK, (Secure $env:T_SK)) }
            Swapped = @{ AccessKey = "$env:T_AK`n"; SecretKey = (Secure "$env:T_SK`n") }
            Vault = @{ SecretVault = 'work'; SecretName = 'acm' }
            NoVault = @{ SecretVault = 'work'; SecretName = 'text' }
            Environment = @{ CredentialSource = 'Environment' }
            CliProfile = @{ CredentialSource = 'CliProfile' }
            CliBroken = @{ CredentialSource = 'CliProfile'; CliProfileName = 'external' }
            RamRole = @{ CredentialSource = 'RamRole'; MetadataEndpoint = $env:T_METADATA }
            NoRole = @{ CredentialSource = 'RamRole'; MetadataEndpoint = $env:T_METADATA; RamRoleName = 'other' }
            AssumeRole = @{ CredentialSource = 'AssumeRole'; RoleArn = $env:T_ROLE } + $keys + $sts
            WrongSecret = @{ CredentialSource = 'AssumeRole'; RoleArn = $env:T_ROLE; AccessKey = $env:T_AK; SecretKey = (Secure $env:T_TOKEN) } + $sts
            Oidc = @{ CredentialSource = 'Oidc'; RoleArn = $env:T_ROLE; OidcProviderArn = $env:T_PROVIDER; OidcTokenFile = "$env:T_FOLDER/oidc" } + $sts
            WrongToken = @{ CredentialSource = 'Oidc'; RoleArn = $env:T_ROLE; OidcProviderArn = $env:T_PROVIDER; OidcTokenFile = "$env:T_FOLDER/wrong" } + $sts
            Default = @{ CredentialSource = 'Default' }
            Kms = $keys + $kms
            WrongKms = $keys + $kms + @{ KmsAccessKey = $env:T_AK; KmsSecretKey = (Secure $env:T_TOKEN) }
        }
        foreach ($name in $connections.Keys) {
            "== $name"
            $with = $connections[$name]
            try { $session = Connect-Acm @data @with } catch { "refused"; continue }
            Get-AcmConfig app.yml -Group g -Verbose -Debug | ForEach-Object Content
            Set-AcmConfig app.yml -Group g -Content 'a: 2' -Verbose -Debug
            'cipher-db.yml', 'cipher-kms-aes-128-db.yml' | ForEach-Object {
                Set-AcmConfig $_ -Group g -Content $env:T_CONTENT -Verbose -Debug
                Get-AcmConfig $_ -Group g -Verbose -Debug
            }
            Test-AcmEncryption -Verbose -Debug | Format-List * -Force
            Find-AcmConfig -Verbose -Debug | Out-String
            Test-AcmConnection -Verbose -Debug | Format-List *
            Get-AcmSession
            Get-AcmSession | Format-List
            Get-AcmSession | Format-List * -Force
            $session.PSObject.Properties | ForEach-Object { "$($_.Name) = $($_.Value)" }
            Disconnect-Acm
        }
        $server = Start-AcmServer -InMemory -AccessKey $env:T_AK -SecretKey (Secure $env:T_SK) -Verbose -Debug
        $server | Format-List * -Force
        $server | Connect-Acm -AccessKey $env:T_AK -SecretKey (Secure $env:T_SK) -TracePath "$env:T_FOLDER/trace.txt" | Format-List * -Force
        Set-AcmConfig app.yml 'a: 3' -Verbose -Debug; Get-AcmConfig app.yml -Verbose -Debug | ForEach-Object Content
        $server | Connect-Acm -AccessKey $env:T_AK -SecretKey (Secure $env:T_SK) -SnapshotPath "$env:T_FOLDER/snapshot" -TracePath "$env:T_FOLDER/trace.txt" @kms | Format-List * -Force
        'cipher-db.yml', 'cipher-kms-aes-128-db.yml' | ForEach-Object {
            Set-AcmConfig $_ $env:T_CONTENT -Verbose -Debug
            Get-AcmConfig $_ -Verbose -Debug
            "decrypted: $((Get-AcmConfig $_).Content -ceq $env:T_CONTENT)"
        }
        Add-AcmProfile canaries @keys -Endpoint $server.Endpoint -SecurityToken (Secure $env:T_TOKEN) -Verbose -Debug -PassThru @kms | Format-List * -Force
        Get-AcmProfile
        Get-AcmProfile | Format-List * -Force
        Use-AcmProfile canaries -Verbose -Debug | Format-List * -Force
        "errors: $($Error.Count)"
        $Error | Format-List * -Force
        $Error | ForEach-Object { "$($_.Exception)"; "$($_.TargetObject)"; $_.ErrorDetails | Format-List * -Force }
        "ids: $PID $($server.ProcessId)"
        'ready'
        $null = [Console]::In.ReadLine()
        """;

    private readonly TemporaryFiles _files = new();
    private readonly MetadataStandIn _metadata = new() { Issued = new IssuedCredentials { Mark = Canary.Secret("ecs") } };
    private readonly StsStandIn _sts = new() { Issued = new IssuedCredentials { Mark = Canary.Secret("sts") }, OidcToken = Canary.Secret("oidc.token") };
    private readonly KmsStandIn _kms = new();
    private readonly DataStandIn _data;

    public CanaryTests()
    {
        _data = new DataStandIn(_metadata.Issued, _sts.Issued);
        _data.Keys[AccessKey] = Canary.Secret("sk");
        _kms.AccessKeys[AccessKey] = (Canary.Secret("sk"), null);
        _sts.AccessKeys[AccessKey] = (Canary.Secret("sk"), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _data.DisposeAsync();
        await _sts.DisposeAsync();
        await _kms.DisposeAsync();
        await _metadata.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task No_secret_is_seen_in_output_errors_trace_local_files_or_arguments()
    {
        string work = Path.Combine(_files.Path, "work");
        Dictionary<string, string?> environment = Plant(work);
        using PowerShellProcess shell = PowerShellProcess.Start([_files.Write("script.ps1", Script)], environment);
        try
        {
            await shell.WaitForLineAsync("ready");
        }
        catch (TimeoutException)
        {
            Assert.Fail("The script did not come to its end:\n" + shell.OutputSoFar);
        }

        AssertNoSecretInArguments(shell.OutputSoFar);
        shell.EndInput();

        // RunAsync checks the output for secrets, as in every test.
        ShellResult result = await shell.WaitForExitAsync();
        string trace = await File.ReadAllTextAsync(Path.Combine(work, "trace.txt"), TestContext.Current.CancellationToken);
        foreach (string file in Directory.EnumerateFiles(work, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("oidc" or "wrong")))
        {
            Canary.AssertAbsent(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), file);
        }

        // Control: the script reached the places with secrets.
        string everything = result.Output + result.Errors;
        Assert.All(
            ["CredentialSource     : Keys", "CredentialSource     : RamRole", "STS.***-", "VERBOSE: ", "DEBUG: ", "Spas-SecurityToken: (removed)", "Spas-Signature: (removed)", "SignatureDoesNotMatch", "AuthenticationFail.OIDCToken.Invalid", "AcmAccessDenied", "AcmAuthenticationFailed", "AcmInvalidParameter", "AcmDecryptFailed", "decrypted: True", "Profile              : canaries"],
            part => Assert.Contains(part, everything, StringComparison.Ordinal));
        Assert.Contains("Spas-SecurityToken: (removed)", trace, StringComparison.Ordinal);
        Assert.Contains("STS at ", trace, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(work, "snapshot"), "*", SearchOption.AllDirectories));
        Assert.Superset(new HashSet<string> { AccessKey, $"STS.{Canary.Mark}-ecs-ak-1", $"STS.{Canary.Mark}-sts-ak-1", $"{Canary.Mark}-env-ak", $"{Canary.Mark}-cli-ak", $"{Canary.Mark}-vault-ak" }, _data.Requests.ToHashSet());
    }

    private Dictionary<string, string?> Plant(string work)
    {
        _files.Write("home/.aliyun/config.json", $$"""
            {"current":"x","profiles":[{"name":"x","mode":"AK","access_key_id":"{{Canary.Secret("cli-ak")}}","access_key_secret":"{{Canary.Secret("cli-sk")}}"},
            {"name":"external","mode":"External","process_command":"{{Canary.Secret("command")}}"}]}
            """);
        _files.Write("work/oidc", _sts.OidcToken);
        _files.Write("work/wrong", Canary.Secret("wrong.token"));
        string vault = _files.Write("Microsoft.PowerShell.SecretManagement.psm1", $$"""
            function Get-Secret {
                [CmdletBinding()] param([string] $Name, [string] $Vault)
                if ($Name -eq 'text') { return '{{Canary.Secret("text")}}' }
                @{ AccessKeyId = '{{Canary.Secret("vault-ak")}}'; AccessKeySecret = '{{Canary.Secret("vault-sk")}}'; SecurityToken = '{{Canary.Secret("vault-token")}}' }
            }
            """);
        return new Dictionary<string, string?>
        {
            ["HOME"] = Path.Combine(_files.Path, "home"),
            ["USERPROFILE"] = Path.Combine(_files.Path, "home"),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = Canary.Secret("env-ak"),
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = Canary.Secret("env-sk"),
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = Canary.Secret("env-token"),
            ["T_FOLDER"] = work,
            ["T_VAULT"] = vault,
            ["T_DATA"] = _data.Address,
            ["T_STS"] = _sts.Address,
            ["T_KMS"] = _kms.Address,
            ["T_CA"] = _sts.CaPath,
            ["T_KMS_CA"] = _kms.CaPath,
            [ModuleProfiles.Variable] = Path.Combine(_files.Path, "home", "profiles.json"),
            ["T_CONTENT"] = "password: " + Canary.Secret("content"),
            ["T_METADATA"] = _metadata.Address,
            ["T_ROLE"] = StsStandIn.RoleArn,
            ["T_PROVIDER"] = StsStandIn.ProviderArn,
            ["T_AK"] = AccessKey,
            ["T_SK"] = Canary.Secret("sk"),
            ["T_TOKEN"] = Canary.Secret("token"),
        };
    }

    /// <summary>Returns the arguments of the shell and its server, on systems that expose them.</summary>
    private static void AssertNoSecretInArguments(string output)
    {
        string ids = output.Split('\n').Last(line => line.StartsWith("ids: ", StringComparison.Ordinal));
        foreach (int id in ids["ids: ".Length..].Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            using Process process = Process.GetProcessById(id);
            if (!OperatingSystem.IsLinux()) continue;

            string arguments = File.ReadAllText($"/proc/{id}/cmdline");
            Assert.Contains("dotnet", arguments, StringComparison.Ordinal);
            Canary.AssertAbsent(arguments, "the arguments of process " + id);
        }
    }
}
