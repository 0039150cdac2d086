using System.Globalization;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

/// <summary>The connection test returns one row per step, and a remedy for each failed step.</summary>
public sealed class ConnectionTestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_good_server_passes_every_step_in_order()
    {
        await using var server = new ScriptedServer(request => Dated(request.IsList ? EmptyList : ScriptedReply.Missing, Now));
        using AcmClient client = Client(Clients.Options(server) with { Credential = Clients.Credential });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(
            [
                ("AddressServer", CheckStatus.Skipped), ("Name", CheckStatus.Passed), ("Tcp", CheckStatus.Passed), ("Tls", CheckStatus.Skipped),
                ("Signature", CheckStatus.Passed), ("ClockSkew", CheckStatus.Passed), ("Read", CheckStatus.Passed),
            ],
            checks.Select(check => (check.Check, check.Status)));
        Assert.All(checks, check => Assert.Equal(server.Address, check.Target));
        Assert.All(checks.Where(check => check.Status == CheckStatus.Passed), check => Assert.Equal("", check.Cure));
    }

    [Fact]
    public async Task An_address_server_is_tested_before_the_servers_it_lists()
    {
        await using var data = new ScriptedServer(request => Dated(request.IsList ? EmptyList : ScriptedReply.Content("v"), Now));
        await using var address = ScriptedServer.Always(ScriptedReply.Text(200, "text/plain", data.Address));
        using AcmClient client = Client(Clients.Options(address) with { Direct = false, Credential = Clients.Credential });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(["Name", "Tcp", "Tls", "AddressServer"], checks.Where(check => check.Target == address.Address).Select(check => check.Check));
        Assert.Equal(["Name", "Tcp", "Tls", "Signature", "ClockSkew", "Read"], checks.Where(check => check.Target == data.Address).Select(check => check.Check));
        Assert.Contains(data.Address, checks[3].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(checks, check => check.Status == CheckStatus.Failed);
    }

    [Fact]
    public async Task Without_credentials_there_is_no_signature_to_test()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Missing);
        using AcmClient client = Client(Clients.Options(server));

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(CheckStatus.Skipped, Row(checks, "Signature").Status);
        Assert.Equal(CheckStatus.Skipped, Row(checks, "ClockSkew").Status);
        Assert.Equal(CheckStatus.Passed, Row(checks, "Read").Status);
    }

    [Fact]
    public async Task A_refused_port_fails_at_TCP_and_skips_what_follows()
    {
        using AcmClient client = Client(Clients.Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(CheckStatus.Passed, Row(checks, "Name").Status);
        Assert.Equal(CheckStatus.Failed, Row(checks, "Tcp").Status);
        Assert.Contains("port", Row(checks, "Tcp").Cure, StringComparison.Ordinal);
        Assert.All((string[])["Tls", "Signature", "ClockSkew", "Read"], step => Assert.Equal(CheckStatus.Skipped, Row(checks, step).Status));
    }

    [Fact]
    public async Task An_unknown_name_fails_at_the_name_and_skips_what_follows()
    {
        using AcmClient client = Client(Clients.Options() with { Endpoint = "acm-no-such-host.invalid" });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(CheckStatus.Failed, Row(checks, "Name").Status);
        Assert.Contains("spelling", Row(checks, "Name").Cure, StringComparison.Ordinal);
        Assert.All((string[])["Tcp", "Tls", "Signature", "ClockSkew", "Read"], step => Assert.Equal(CheckStatus.Skipped, Row(checks, step).Status));
    }

    [Fact]
    public async Task An_address_server_that_is_down_has_every_further_step_skipped()
    {
        using AcmClient client = Client(Clients.Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}", Direct = false });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(["Name", "Tcp", "Tls", "AddressServer", "Signature", "ClockSkew", "Read"], checks.Select(check => check.Check));
        Assert.All(checks.Skip(2), check => Assert.Equal(CheckStatus.Skipped, check.Status));
    }

    [Fact]
    public async Task A_data_server_in_the_address_servers_place_is_told_with_its_cure()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(404, "text/html", "<html>not found</html>"));
        using AcmClient client = Client(Clients.Options(server) with { Direct = false });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(CheckStatus.Failed, Row(checks, "AddressServer").Status);
        Assert.Contains("Direct", Row(checks, "AddressServer").Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list read key", 0, "does not accept the access key ID", "access key ID: it is wrong", "check Signature")]
    [InlineData("list read", 0, "accepts the access key ID, but not its signature", "The secret key is wrong", "check Signature")]
    [InlineData("list read", 300, "clock is 300 s behind", "Synchronize the clock", "check Signature")]
    [InlineData("list", 0, "no right to list", "right to list", "")]
    [InlineData("read", 0, "accepted", "", "right to read")]
    public async Task Wrong_key_wrong_secret_clock_and_missing_right_are_told_apart(string denied, int serverAhead, string detail, string cure, string readCure)
    {
        ScriptedReply no = Dated(ScriptedReply.Text(403, "text/plain", "403 error"), Now.AddSeconds(serverAhead));
        await using var server = new ScriptedServer(request =>
            request.IsPoll ? (denied.Contains("key", StringComparison.Ordinal) ? no : ScriptedReply.Status(400))
            : denied.Contains(request.IsList ? "list" : "read", StringComparison.Ordinal) ? no
            : Dated(request.IsList ? EmptyList : ScriptedReply.Missing, Now.AddSeconds(serverAhead)));
        using AcmClient client = Client(Clients.Options(server) with { Credential = Clients.Credential });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(denied.Contains("list", StringComparison.Ordinal) ? CheckStatus.Failed : CheckStatus.Passed, Row(checks, "Signature").Status);
        Assert.Contains(detail, Row(checks, "Signature").Detail, StringComparison.Ordinal);
        Assert.Contains(cure, Row(checks, "Signature").Cure, StringComparison.Ordinal);
        Assert.Contains(readCure, Row(checks, "Read").Cure, StringComparison.Ordinal);
        Assert.All(server.Requests.Where(request => request.IsPoll), request =>
        {
            Assert.Contains("Spas-AccessKey", request.Headers.Keys);
            Assert.DoesNotContain("Spas-Signature", request.Headers.Keys);
        });
    }

    [Theory]
    [InlineData(1, CheckStatus.Passed, "none")]
    [InlineData(-30, CheckStatus.Warning, "30 s ahead")]
    [InlineData(30, CheckStatus.Warning, "30 s behind")]
    [InlineData(-120, CheckStatus.Failed, "120 s ahead")]
    public async Task A_clock_that_is_off_is_told_with_how_much_and_its_cure(int serverAhead, CheckStatus expected, string detail)
    {
        await using var server = ScriptedServer.Always(Dated(ScriptedReply.Missing, Now.AddSeconds(serverAhead)));
        using AcmClient client = Client(Clients.Options(server));

        List<ConnectionCheck> checks = await RunAsync(client);

        ConnectionCheck row = Row(checks, "ClockSkew");
        Assert.Equal(expected, row.Status);
        Assert.Contains(detail, row.Detail, StringComparison.Ordinal);
        Assert.Equal(expected != CheckStatus.Passed, row.Cure.Contains("NTP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_hangs_fails_within_the_time_of_a_try()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        var clock = new PauselessClock(Now);
        using AcmClient client = Clients.With(Clients.Options(server), clock);
        Task<List<ConnectionCheck>> run = RunAsync(client);
        await server.NextRequestAsync();

        clock.Advance(client.Options.TryTimeout);
        List<ConnectionCheck> checks = await run;

        Assert.Equal(CheckStatus.Failed, Row(checks, "Read").Status);
        Assert.Equal("no answer within 3 s", Row(checks, "Read").Detail);
        Assert.Equal(TimeSpan.FromSeconds(3), Row(checks, "Read").Duration);
    }

    [Fact]
    public async Task Every_server_is_tested_and_nothing_is_written_to_any()
    {
        await using var first = ScriptedServer.Always(ScriptedReply.Missing);
        await using var second = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Client(Clients.Options(first, second));

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.Equal(CheckStatus.Passed, checks.Single(check => check.Check == "Read" && check.Target == first.Address).Status);
        Assert.Equal(CheckStatus.Failed, checks.Single(check => check.Check == "Read" && check.Target == second.Address).Status);
        Assert.All(first.Requests.Concat(second.Requests), request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task Every_step_that_does_not_pass_for_a_reason_of_its_own_names_a_cure()
    {
        await using var server = ScriptedServer.Always(Dated(ScriptedReply.Status(500), Now.AddHours(1)));
        using AcmClient client = Client(Clients.Options(server) with { Credential = Clients.Credential });

        List<ConnectionCheck> checks = await RunAsync(client);

        Assert.All(checks.Where(check => check.Status is CheckStatus.Failed or CheckStatus.Warning), check => Assert.NotEqual("", check.Cure));
    }

    private static ScriptedReply EmptyList => ScriptedReply.Text(200, "application/json", """{"totalCount":0,"pagesAvailable":0,"pageItems":[]}""");

    private static AcmClient Client(AcmClientOptions options) => Clients.With(options, new PauselessClock(Now));

    private static ConnectionCheck Row(List<ConnectionCheck> checks, string name) => checks.Single(check => check.Check == name);

    private static async Task<List<ConnectionCheck>> RunAsync(AcmClient client) =>
        await Clients.InTime(client.TestConnectionAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask());

    /// <summary>Returns a response with the server's time.</summary>
    private static ScriptedReply Dated(ScriptedReply reply, DateTimeOffset date)
    {
        string head = System.Text.Encoding.Latin1.GetString(reply.Parts[0].Span);
        string dated = head.Replace("\r\n\r\n", string.Create(CultureInfo.InvariantCulture, $"\r\nDate: {date:R}\r\n\r\n"), StringComparison.Ordinal);
        return reply with { Parts = [System.Text.Encoding.Latin1.GetBytes(dated), .. reply.Parts.Skip(1)] };
    }
}
