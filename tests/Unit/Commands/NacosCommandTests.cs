using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The cmdlets on each generation of Nacos, end to end.</summary>
public sealed class NacosCommandTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public void What_is_set_is_got_found_exported_removed_and_imported(string generation)
    {
        using var folder = new TemporaryFiles();
        using var server = new ModuleServer(generation);
        ModuleShell shell = server.Open();
        shell["folder"] = Path.Combine(folder.Path, "backup");
        shell["generation"] = generation;

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -Namespace dev -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app.yaml 'a: 1' -Tag x, y -Description 'of a test'
            'b', 'c' | ForEach-Object { Set-AcmConfig "$_.json" "{`"$_`": 1}" -Group G }
            Set-AcmConfig app.yaml 'a: 2'
            Get-AcmConfig app.yaml -Raw
            (Find-AcmConfig *.json | Sort-Object DataId).DataId -join ','
            $null = Export-AcmConfig $folder
            Remove-AcmConfig app.yaml -Confirm:$false
            try { Get-AcmConfig app.yaml -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            $first = Import-AcmConfig $folder -Confirm:$false
            $second = Import-AcmConfig $folder -Confirm:$false
            "$($first.Added) $($first.Unchanged), $($second.Added) $($second.Unchanged)"
            Get-AcmConfig app.yaml -Raw
            (Invoke-RestMethod "$($server.Uri)nacos/$(if ($generation[0] -eq '3') { 'v3/admin/cs/config?groupName=DEFAULT_GROUP&namespaceId=dev' } else { 'v1/cs/configs?show=all&group=DEFAULT_GROUP&tenant=dev' })&dataId=app.yaml" -NoProxy |
                ForEach-Object { if ($_.data) { $_.data } else { $_ } } | ForEach-Object { "$($_.type) $($_.configTags) $($_.desc)" })
            """);

        Assert.Equal(
            ["a: 2", "b.json,c.json", "AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand", "1 2, 0 3", "a: 2", "yaml x,y of a test"],
            result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public void A_zip_in_the_layout_of_the_console_keeps_types_and_descriptions(string generation)
    {
        using var folder = new TemporaryFiles();
        using var server = new ModuleServer(generation);
        ModuleShell shell = server.Open();
        shell["zip"] = Path.Combine(folder.Path, "nacos.zip");
        shell["generation"] = generation;

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -Namespace dev -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app.yaml 'a: 1' -Description "it's: a test" -Type json -Tag x
            Set-AcmConfig b.json '{}' -Group SHOP -AppName shop
            $null = Export-AcmConfig $zip -Format Nacos -WarningVariable lost -WarningAction SilentlyContinue
            "$lost"
            $null = Import-AcmConfig $zip -Namespace prod -Confirm:$false -WarningAction SilentlyContinue
            (Invoke-RestMethod "$($server.Uri)nacos/$(if ($generation[0] -eq '3') { 'v3/admin/cs/config?groupName=DEFAULT_GROUP&namespaceId=prod' } else { 'v1/cs/configs?show=all&group=DEFAULT_GROUP&tenant=prod' })&dataId=app.yaml" -NoProxy |
                ForEach-Object { if ($_.data) { $_.data } else { $_ } } | ForEach-Object { "$($_.type) $($_.desc)" })
            (Find-AcmConfig -Namespace prod | Where-Object Group -eq SHOP).AppName
            """);

        Assert.Equal(["The layout of the Nacos console has no tags: those of 'DEFAULT_GROUP/app.yaml' are not in the zip.", "json it's: a test", "shop"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void A_zip_that_is_too_large_for_the_console_is_warned_of()
    {
        using var folder = new TemporaryFiles();
        using var server = new ModuleServer();
        ModuleShell shell = server.Open();
        shell["folder"] = folder.Path;

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $random = [Random]::new(1); $bytes = [byte[]]::new(75000)
            1..16 | ForEach-Object { $random.NextBytes($bytes); Set-AcmConfig "large$_" ([Convert]::ToBase64String($bytes)) }
            foreach ($parameters in @{ Format = 'Nacos' }, @{ Format = 'Nacos'; DataId = 'large1' }, @{}) {
                $null = Export-AcmConfig "$folder/$(New-Guid).zip" @parameters -WarningVariable large -WarningAction SilentlyContinue
                "$($large -like '*The Nacos console rejects uploads over 1 MB by default.*')".Length -gt 0
            }
            """);

        Assert.Equal(["True", "False", "False"], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public void What_is_stored_beside_the_content_is_read_and_selects(string generation)
    {
        using var folder = new TemporaryFiles();
        using var server = new ModuleServer(generation);
        ModuleShell shell = server.Open();
        shell["folder"] = Path.Combine(folder.Path, "edge");

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -Namespace dev -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            Set-AcmConfig app_1.yaml 'port: 1' -Tag web, edge -Description 'of a test' -AppName shop
            Set-AcmConfig appx1.yaml 'port: 2' -Tag web
            Set-AcmConfig app_1.json '{}' -Group G
            Get-AcmConfig app_1.yaml | ForEach-Object { "$($_.Type) $($_.Tags | Sort-Object) '$($_.Description)' $($_.AppName) $($_.ModifiedFrom)" }
            (Get-AcmConfig app_1.yaml | Format-List | Out-String -Width 120) -split "`n" | Where-Object { $_ -match '^(Type|Description|AppName) ' } | ForEach-Object Trim
            (Get-AcmConfig app_1.yaml | ConvertTo-Json | ConvertFrom-Json).Description
            [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-AcmConfig app_1.yaml))).Type
            "find: " + ((Find-AcmConfig app_1* | Sort-Object DataId).DataId -join ' ')
            "tag: " + ((Find-AcmConfig -Tag web, edge | Sort-Object DataId).DataId -join ' ')
            "type: " + ((Find-AcmConfig -Type JSON).DataId -join ' ')
            "app: " + ((Find-AcmConfig -AppName shop).DataId -join ' ')
            "get: " + ((Get-AcmConfig * -Tag edge).Content -join ' ')
            "raw: " + ((Get-AcmConfig *.yaml -Raw | Sort-Object) -join ' ')
            "search: " + ((Search-AcmConfig port -Tag web | Sort-Object DataId).DataId -join ' ')
            "export: " + (Export-AcmConfig $folder -Tag edge).Exported
            try { Get-AcmConfig app_1.yaml -Tag web } catch { $_.FullyQualifiedErrorId }
            """);

        Assert.Equal(
            [
                "yaml edge web 'of a test' shop 127.0.0.1",
                "Type         : yaml", "Description  : of a test", "AppName      : shop",
                "of a test",
                "yaml",
                "find: app_1.json app_1.yaml",
                "tag: app_1.yaml appx1.yaml",
                "type: app_1.json",
                "app: app_1.yaml",
                "get: port: 1",
                "raw: port: 1 port: 2",
                "search: app_1.yaml appx1.yaml",
                "export: 1",
                "AcmInvalidParameter,AcmPowerShell.GetAcmConfigCommand",
            ],
            result.ThrowOnError().Texts);
    }

    [Fact]
    public void Types_are_completed()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("(TabExpansion2 'Find-AcmConfig -Type t').CompletionMatches.CompletionText");

        Assert.Equal(["text", "toml"], result.ThrowOnError().Texts);
    }

    [Fact]
    public void ACM_stores_no_type_tags_or_description()
    {
        using ModuleShell shell = ModuleShell.Open();

        ErrorRecord error = shell.Run("$null = Connect-Acm 127.0.0.1:1; Set-AcmConfig a 1 -Description x").Error;

        Assert.Equal("AcmCapabilityMissing,AcmPowerShell.SetAcmConfigCommand", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_login_that_is_refused_is_AcmAuthenticationFailed()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            $right = [pscredential]::new('ops', (ConvertTo-SecureString 'canary-right-1' -AsPlainText -Force))
            $wrong = [pscredential]::new('ops', (ConvertTo-SecureString 'canary-wrong-1' -AsPlainText -Force))
            $server = Start-AcmServer -InMemory -Credential $right
            try {
                $null = Connect-Acm -Server $server.Endpoint -Credential $wrong -NoSnapshot -TimeoutSec 30
                try { Set-AcmConfig a 1 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
                $null = Connect-Acm -Server $server.Endpoint -Credential $right -NoSnapshot -TimeoutSec 30
                Set-AcmConfig a 1
                Get-AcmConfig a -Raw
            } finally { Stop-AcmServer }
            """);

        Assert.Equal(["AcmAuthenticationFailed,AcmPowerShell.SetAcmConfigCommand", "1"], result.ThrowOnError().Texts);
    }
}
