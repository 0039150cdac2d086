using System.Management.Automation;
using Acm.Tests.Support;

namespace Acm.Tests.Commands;

public sealed class GetAcmListenerTests(ModuleServer server) : IClassFixture<ModuleServer>
{
    private const string Md5OfOld = "149603e6c03516362a8da23f624db945";

    [Fact]
    public void A_watcher_is_listed_with_its_application_since_when_and_the_value_that_it_has()
    {
        ModuleShell shell = server.Connect();

        // The watcher's poll may not have arrived when the command returns.
        ModuleResult result = shell.Run("""
            $md5 = (Set-AcmConfig app.json '{}' -PassThru).Md5
            $null = Connect-Acm $endpoint $ns -NoSnapshot -AppName billing
            Register-AcmWatcher app.json -NoInitial
            do { $listener = Get-AcmListener app.json } until ($listener)
            $listener; $listener.Md5 -eq $md5
            """);

        Assert.Empty(result.Errors);
        PSObject listener = result.Output[0];
        Assert.Equal("127.0.0.1 (billing) DEFAULT_GROUP/app.json", listener.ToString());
        Assert.Equal(true, listener.Properties["IsCurrent"].Value);
        Assert.NotNull(listener.Properties["Since"].Value);
        Assert.Equal(true, result.Output[1].BaseObject);
    }

    [Fact]
    public async Task A_client_that_has_not_fetched_a_change_is_not_current()
    {
        ModuleShell shell = server.Connect();
        shell.Run("Set-AcmConfig app.json 'new'; Set-AcmConfig other.json 'new'").ThrowOnError();
        using var http = new HttpClient();
        using var poll = new HttpRequestMessage(HttpMethod.Post, $"http://{server.Endpoint}/diamond-server/config.co");
        poll.Headers.Add("longPullingTimeout", "30000");
        poll.Headers.Add("Diamond-Client-AppName", "old-app");
        poll.Content = new FormUrlEncodedContent([new("Probe-Modify-Request", $"app.json\u0002DEFAULT_GROUP\u0002{Md5OfOld}\u0002{shell["ns"]}\u0001")]);

        using HttpResponseMessage answer = await http.SendAsync(poll, TestContext.Current.CancellationToken);
        ModuleResult result = shell.Run("Get-AcmListener *");

        Assert.Contains("app.json", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        PSObject listener = Assert.Single(result.Output);
        Assert.Equal("127.0.0.1 (old-app) DEFAULT_GROUP/app.json", listener.ToString());
        Assert.Equal(false, listener.Properties["IsCurrent"].Value);
        Assert.Equal(Md5OfOld, listener.Properties["Md5"].Value);
    }

    [Fact]
    public void Nobody_who_listens_is_no_error()
    {
        ModuleResult result = server.Connect().Run("Get-AcmListener nothing");

        Assert.Empty(result.Errors);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task A_server_that_does_not_tell_lacks_the_capability(int status)
    {
        await using var other = ScriptedServer.Always(ScriptedReply.Status(status));
        using ModuleShell shell = ModuleShell.Open();

        ModuleResult result = shell.Run($"$null = Connect-Acm {other.Address} -Direct -NoSnapshot; Get-AcmListener app.json");

        Assert.Equal("AcmCapabilityMissing", result.ErrorId);
        Assert.Equal("DEFAULT_GROUP/app.json", result.Error.TargetObject.ToString());
    }
}
