using Acm.Tests.Support;

namespace Acm.Tests.Commands;

/// <summary>The cmdlets that use snapshots while no server is reachable, and those that do not.</summary>
public sealed class ServerDownTests : IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly ModuleServer _old = new();
    private readonly ModuleShell _shell = ModuleShell.Open();

    public ServerDownTests()
    {
        _shell.Location = _files.Path;
        _shell["old"] = _old.Endpoint;
        _shell.Run("""
            $null = Connect-Acm $old prod -Direct -SnapshotPath ./snapshots -TimeoutSec 5 -TotalTimeoutSec 5
            Set-AcmConfig app.yaml 'a: 1'
            Set-AcmConfig db.json '{}' -Group SHOP
            Set-AcmConfig elsewhere.txt 'x' -Namespace test
            """).ThrowOnError();
        _old.Stop();
    }

    public void Dispose()
    {
        _shell.Run("Disconnect-Acm");
        _shell.Dispose();
        _old.Dispose();
        _files.Dispose();
    }

    [Theory]
    [InlineData("Find-AcmConfig", "DEFAULT_GROUP/app.yaml SHOP/db.json", 2)]
    [InlineData("Find-AcmConfig *.json", "SHOP/db.json", 1)]
    [InlineData("Get-AcmConfig", "DEFAULT_GROUP/app.yaml SHOP/db.json", 2)]
    [InlineData("Get-AcmConfig * | ForEach-Object { \"$($_.Key)\" }", "DEFAULT_GROUP/app.yaml SHOP/db.json", 2)]
    [InlineData("Get-AcmConfig *.yaml -Raw", "a: 1", 1)]
    public void Lists_answer_from_snapshots_with_one_warning_that_counts_and_dates_them(string script, string expected, int count)
    {
        ModuleResult result = _shell.Run(script);

        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(' ', result.Texts.Order(StringComparer.Ordinal)));
        Assert.Matches($@"^No server is reachable; the results come from snapshots: {count} configurations?, written (between )?\d{{4}}-.*Z", Assert.Single(result.Warnings));
        Assert.All(result.Output.Where(row => row.Properties["Source"] is not null), row => Assert.Equal("Snapshot", row.Properties["Source"].Value.ToString()));
    }

    [Theory]
    [InlineData("Find-AcmConfig none*")]
    [InlineData("Get-AcmConfig * -NoSnapshot")]
    [InlineData("Remove-AcmConfig * -Group * -Force")]
    [InlineData("Copy-AcmConfig -ToNamespace other")]
    [InlineData("Compare-AcmConfig -ToNamespace test")]
    [InlineData("Export-AcmConfig ./out -Delete -Confirm:$false")]
    [InlineData("Import-AcmConfig ./folder -Delete -Confirm:$false")]
    public void What_removes_and_compares_refuses_them(string script)
    {
        _files.Write("folder/app.yaml", "a: 2");

        ModuleResult result = _shell.Run(script);

        Assert.Equal("AcmServerUnavailable", result.ErrorId);
        Assert.Empty(result.Output);
        Assert.False(Directory.Exists(Path.Combine(_files.Path, "out")));
    }

    [Fact]
    public void An_export_of_snapshots_says_so_and_is_not_complete()
    {
        ModuleResult result = _shell.Run("Export-AcmConfig ./rescue");

        Assert.Empty(result.Errors);
        Assert.Contains("2 configurations", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal("Snapshot", result.Output[0].Properties["Source"].Value.ToString());
        Assert.Equal(false, result.Output[0].Properties["IsComplete"].Value);
        Assert.Equal("a: 1", File.ReadAllText(Path.Combine(_files.Path, "rescue", "app.yaml")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(_files.Path, "rescue", "SHOP", "db.json")));
    }

    [Fact]
    public void A_lost_server_is_restored_from_snapshots()
    {
        using var restored = new ModuleServer();
        _shell["new"] = restored.Endpoint;
        _shell.Run("$session = Connect-Acm $new prod -Direct -NoSnapshot").ThrowOnError();

        _shell.Run("Get-AcmSnapshot -Path ./snapshots -Namespace prod | Where-Object State -eq Found | Set-AcmConfig -Session $session -NoEncrypt").ThrowOnError();

        Assert.Equal(["DEFAULT_GROUP/app.yaml=a: 1", "SHOP/db.json={}"], _shell.Run("Get-AcmConfig * | ForEach-Object { \"$($_.Key)=$_\" }").ThrowOnError().Texts.Order(StringComparer.Ordinal));
    }
}
