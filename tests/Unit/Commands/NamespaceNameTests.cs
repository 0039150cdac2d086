using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>Nacos namespaces by ID or name.</summary>
public sealed class NamespaceNameTests
{
    private const string Create = """
        function New-Namespace($Server, $Id, $Name) {
            $path = if ($Server.Generation -eq '3') { 'v3/admin/core/namespace' } else { 'v1/console/namespaces' }
            $null = Invoke-RestMethod "$($Server.Uri)nacos/$path" -Method Post -Body @{ namespaceId = $Id; customNamespaceId = $Id; namespaceName = $Name; namespaceDesc = '' } -NoProxy
        }
        """;

    [Theory]
    [InlineData("2")]
    [InlineData("3")]
    public void A_name_is_looked_up_and_an_id_goes_before_it(string generation)
    {
        using var nacos = new ModuleServer(generation);
        ModuleShell shell = nacos.Open();
        shell["generation"] = generation;

        ModuleResult result = shell.Run(Create + """
            $started = $server
            $server = [pscustomobject]@{ Uri = $started.Uri; Generation = $generation }
            New-Namespace $server ns-1 Development
            New-Namespace $server ns-2 twin
            New-Namespace $server ns-3 twin
            New-Namespace $server Development other
            New-Namespace $server ns-4 'my space'
            $null = Connect-Acm -Server $started.Endpoint -Namespace 'my space' -NoSnapshot -TimeoutSec 30
            Set-AcmConfig a.txt 1
            foreach ($id in 'ns-4', 'my space', 'Development', 'new-one', '') { Set-AcmConfig b.txt "in $id" -Namespace $id; (Get-AcmConfig b.txt -Namespace $id).Namespace }
            Copy-AcmConfig -Namespace ns-4 -ToNamespace other -Confirm:$false | ForEach-Object Added
            (Find-AcmConfig -Namespace Development | Sort-Object DataId).DataId -join ','
            foreach ($text in 'twin', 'no such space') { try { Set-AcmConfig b.txt 1 -Namespace $text -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId.Split(',')[0]): $_" } }
            """);

        string[] texts = [.. result.ThrowOnError().Texts];
        Assert.Equal(["ns-4", "ns-4", "Development", "new-one", "", "1", "a.txt,b.txt"], texts[..7]);
        Assert.Equal("AcmInvalidKey: 2 namespaces have the name 'twin': their IDs are ns-2, ns-3.", texts[7]);
        Assert.StartsWith("AcmInvalidKey: No namespace has the name 'no such space'", texts[8], StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_to_a_mistyped_uuid_is_warned_of_and_one_to_a_listed_uuid_is_not()
    {
        using var server = new ModuleServer();
        ModuleShell shell = server.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $null = New-AcmNamespace 5e2b8a3c-0d41-4f6e-9b7a-1c2d3e4f5a6b prod
            Set-AcmConfig a 1 -Namespace 5e2b8a3c-0d41-4f6e-9b7a-1c2d3e4f5a6b -WarningVariable listed -WarningAction SilentlyContinue
            Get-AcmConfig * -Namespace 5e2b8a3c-0d41-4f6e-9b7a-1c2d3e4f5a6c -WarningVariable read -WarningAction SilentlyContinue
            Set-AcmConfig a 1 -Namespace 5e2b8a3c-0d41-4f6e-9b7a-1c2d3e4f5a6c -WarningVariable mistyped -WarningAction SilentlyContinue
            "$($listed.Count) $($read.Count) $($mistyped.Count)"
            "$mistyped"
            """);

        Assert.Equal("0 0 1", result.ThrowOnError().Texts[0]);
        Assert.StartsWith("No namespace has the ID or the name '5e2b8a3c-0d41-4f6e-9b7a-1c2d3e4f5a6c'.", result.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_to_a_namespace_that_nobody_lists_is_warned_of_once()
    {
        using var server = new ModuleServer();
        ModuleShell shell = server.Open();

        ModuleResult result = shell.Run("""
            $null = Connect-Acm -Server $server.Endpoint -NoSnapshot -FailoverPath /no-such-folder -TimeoutSec 30
            $null = New-AcmNamespace prod
            Set-AcmConfig a 1 -Namespace prod -WarningVariable +warnings -WarningAction SilentlyContinue
            Get-AcmConfig * -Namespace prodd -WarningVariable +warnings -WarningAction SilentlyContinue
            Set-AcmConfig a 1 -Namespace prodd -WarningVariable +warnings -WarningAction SilentlyContinue
            Set-AcmConfig b 1 -Namespace prodd -WarningVariable +warnings -WarningAction SilentlyContinue
            $null = Copy-AcmConfig -Namespace prod -ToNamespace prood -WarningVariable +warnings -WarningAction SilentlyContinue -Confirm:$false
            $warnings | ForEach-Object Message
            """);

        Assert.Equal(
            [
                "No namespace has the ID or the name 'prodd'. The Nacos console does not show configurations of a missing namespace. Check the spelling, or create it with New-AcmNamespace.",
                "No namespace has the ID or the name 'prood'. The Nacos console does not show configurations of a missing namespace. Check the spelling, or create it with New-AcmNamespace.",
            ],
            result.ThrowOnError().Texts);
    }

    // From 3.0 on only administrators can read the names.
    [Fact]
    public void Who_may_not_see_the_names_gives_an_id_and_logs_in_once()
    {
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run("""
            function New-User($Name) { [pscredential]::new($Name, (ConvertTo-SecureString "pw-$Name-canary" -AsPlainText -Force)) }
            $server = Start-AcmServer -InMemory -Credential (New-User admin)
            try {
                $null = Connect-Acm -Server $server.Endpoint -Namespace dev -Credential (New-User admin) -NoSnapshot -TimeoutSec 30
                Set-AcmConfig a.txt 1
                $null = Connect-Acm -Server $server.Endpoint -Namespace dev -NoSnapshot -TimeoutSec 30
                try { Get-AcmConfig a.txt -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
                (Test-AcmConnection | Where-Object Check -eq Version).Detail -like 'Nacos 3*'
            } finally { Stop-AcmServer }
            """);

        Assert.Equal(["AcmAccessDenied", "True"], result.ThrowOnError().Texts);
    }

    [Fact]
    public async Task A_read_while_all_servers_are_down_takes_the_text_for_an_id_and_a_write_does_not()
    {
        using var folder = new TemporaryFiles();
        using ModuleShell shell = ModuleShell.Open();
        shell["folder"] = folder.Path;
        ModuleResult read;
        int lookups;
        await using (ScriptedServer server = new(request => request.Target switch
        {
            "/nacos/v3/admin/core/state" => ScriptedReply.Text(200, "application/json", """{"code":0,"data":{"version":"3.0.3"}}"""),
            "/nacos/v3/admin/core/namespace/list" => ScriptedReply.Text(200, "application/json", """{"code":0,"data":[{"namespace":"ns-1","namespaceShowName":"Development"}]}"""),
            _ => ScriptedReply.Text(200, "application/json", """{"code":0,"message":"success","data":{"content":"v"}}"""),
        }))
        {
            shell["address"] = server.Address;
            read = shell.Run("$null = Connect-Acm -Server $address -Namespace Development -SnapshotPath $folder -FailoverPath /no-such-folder -TimeoutSec 30; (Get-AcmConfig a.txt).Namespace; (Get-AcmConfig b.txt).Namespace");
            lookups = server.Requests.Count(request => request.Target.EndsWith("/namespace/list", StringComparison.Ordinal));
        }

        ModuleResult down = shell.Run("""
            $null = Connect-Acm -Server $address -Namespace Development -SnapshotPath $folder -FailoverPath /no-such-folder
            Get-AcmConfig a.txt -WarningAction Ignore | ForEach-Object { "$($_.Source) $($_.Namespace)" }
            $null = Connect-Acm -Server $address -Namespace other -NoSnapshot -FailoverPath /no-such-folder
            try { Set-AcmConfig a.txt 1 -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            """);

        Assert.Equal(["ns-1", "ns-1"], read.ThrowOnError().Texts);
        Assert.Equal(1, lookups);
        Assert.Equal(["Snapshot ns-1", "AcmServerUnavailable"], down.ThrowOnError().Texts);
    }
}
