using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The namespace cmdlets on each generation of Nacos.</summary>
public sealed class AcmNamespaceTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public void A_namespace_is_created_changed_and_removed_and_never_with_configurations_unseen(string generation)
    {
        using var server = new ModuleServer(generation);
        ModuleShell shell = server.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $new = New-AcmNamespace dev 'Development' -Description 'of a test'
            "$($new.Namespace) $($new.Name) $($new.Description) $($new.ConfigCount)"
            Set-AcmNamespace dev 'Renamed'
            (Get-AcmNamespace dev | ForEach-Object { "$($_.Name) $($_.Description)" })
            Set-AcmConfig a 1 -Namespace dev; Set-AcmConfig b 1 -Namespace dev
            (Get-AcmNamespace d*).ConfigCount
            try { Remove-AcmNamespace dev -Confirm:$false -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId) $_" }
            Remove-AcmNamespace dev -Force -WhatIf
            (Get-AcmNamespace | ForEach-Object ToString) -join ' '
            Get-AcmNamespace dev | Remove-AcmNamespace -Force
            (Get-AcmNamespace | ForEach-Object ToString) -join ' '
            @(Find-AcmConfig -Namespace dev).Count
            """);

        Assert.Equal(
            [
                "dev Development of a test 0",
                "Renamed of a test",
                "2",
                "AcmNamespaceNotEmpty,AcmPowerShell.RemoveAcmNamespaceCommand Namespace 'dev' has 2 configurations and was not removed: the server would keep them, hidden but readable. Use -Force to remove them first.",
                "public dev",
                "public",
                "0",
            ],
            result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("New-AcmNamespace dev", "AcmConfigExists,AcmPowerShell.NewAcmNamespaceCommand")]
    [InlineData("New-AcmNamespace public", "AcmInvalidKey,AcmPowerShell.NewAcmNamespaceCommand")]
    [InlineData("New-AcmNamespace a.b", "AcmInvalidKey,AcmPowerShell.NewAcmNamespaceCommand")]
    [InlineData("New-AcmNamespace x 'a@b'", "AcmInvalidKey,AcmPowerShell.NewAcmNamespaceCommand")]
    [InlineData("New-AcmNamespace left", "AcmConfigExists,AcmPowerShell.NewAcmNamespaceCommand")]
    [InlineData("Set-AcmNamespace nowhere x", "AcmConfigNotFound,AcmPowerShell.SetAcmNamespaceCommand")]
    [InlineData("Set-AcmNamespace dev", "AcmInvalidParameter,AcmPowerShell.SetAcmNamespaceCommand")]
    [InlineData("Set-AcmNamespace public x", "AcmInvalidParameter,AcmPowerShell.SetAcmNamespaceCommand")]
    [InlineData("Remove-AcmNamespace public -Confirm:$false", "AcmInvalidKey,AcmPowerShell.RemoveAcmNamespaceCommand")]
    [InlineData("Remove-AcmNamespace nowhere -Confirm:$false", "AcmConfigNotFound,AcmPowerShell.RemoveAcmNamespaceCommand")]
    [InlineData("Get-AcmNamespace DEV", "AcmConfigNotFound,AcmPowerShell.GetAcmNamespaceCommand")]
    public void What_a_server_would_take_and_not_mean_is_refused(string command, string id)
    {
        using var server = new ModuleServer();
        ModuleShell shell = server.Open();

        ModuleResult result = shell.Run($$"""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $null = New-AcmNamespace dev
            Set-AcmConfig a 1 -Namespace left
            try { {{command}} -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """);

        Assert.Equal([id], result.ThrowOnError().Texts);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    [InlineData("3.2")]
    public void Force_removes_beta_versions_as_well(string generation)
    {
        using var server = new ModuleServer(generation);
        ModuleShell shell = server.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $null = New-AcmNamespace dev
            Set-AcmConfig a 1 -Namespace dev; Set-AcmConfig a beta -Namespace dev -BetaIp 10.1.2.3
            Remove-AcmNamespace dev -Force
            try { Get-AcmConfig a -Beta -Namespace dev -ErrorAction Stop } catch { $_.FullyQualifiedErrorId }
            """);

        Assert.Equal(["AcmConfigNotFound,AcmPowerShell.GetAcmConfigCommand"], result.ThrowOnError().Texts);
    }

    [Fact]
    public async Task A_removal_that_stops_half_way_tells_how_far_it_came()
    {
        await using var server = new ScriptedServer(request => ScriptedReply.Text(request.Method == "DELETE" && request.Target.Contains("dataId=b", StringComparison.Ordinal) ? 403 : 200, "application/json", request switch
        {
            { Method: "DELETE" } => """{"code":0,"message":"success","data":true}""",
            { Target: "/nacos/v3/admin/core/state" } => """{"code":0,"data":{"version":"3.0.3"}}""",
            { Target: "/nacos/v3/admin/core/namespace/list" } => """{"code":0,"data":[{"namespace":"dev","namespaceShowName":"dev","configCount":2}]}""",
            _ when request.Target.Contains("/config/list", StringComparison.Ordinal) =>
                """{"code":0,"data":{"totalCount":2,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","groupName":"G","namespaceId":"dev"},{"dataId":"b","groupName":"G","namespaceId":"dev"}]}}""",
            _ => """{"code":0,"message":"success","data":null}""",
        }));
        using ModuleShell shell = ModuleShell.Open();
        shell["address"] = server.Address;

        ModuleResult result = shell.Run("$null = Connect-Acm -Server $address -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30; Remove-AcmNamespace dev -Force");

        Assert.Contains("1 of 2 configurations of namespace 'dev' were removed; the namespace was not removed.", result.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE" && request.Target.Contains("/namespace", StringComparison.Ordinal) && !request.Target.Contains("dataId", StringComparison.Ordinal));
    }

    [Fact]
    public void ACM_has_no_list_of_namespaces()
    {
        using ModuleShell shell = ModuleShell.Open();

        Assert.Equal("AcmCapabilityMissing,AcmPowerShell.GetAcmNamespaceCommand", shell.Run("$null = Connect-Acm 127.0.0.1:1; Get-AcmNamespace").Error.FullyQualifiedErrorId);
    }
}
