using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

public sealed class LogTests
{
    private const string AccessKey = Canary.Mark + "-ak-LTAI4GExample";
    private const string SecretKey = Canary.Mark + "-sk-3fA9Example";
    private const string Token = Canary.Mark + "-token-CAISExample";
    private const string Content = "password: " + Canary.Mark + "-content";

    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task S9_no_line_of_any_level_and_no_error_holds_a_key_a_signature_a_token_or_content()
    {
        using var folder = new TemporaryFolder();
        var log = new RecordingLog(AcmLogLevel.Debug);
        await using var server = new ScriptedServer(Answer);
        await using var address = ScriptedServer.Always(ScriptedReply.Text(200, "text/plain", server.Address));
        AcmClientOptions options = Clients.Options(address) with
        {
            Direct = false,
            NoSnapshot = false,
            SnapshotPath = folder.Path,
            Credential = new AcmCredential(AccessKey, SecretKey, Token),
            Log = log,
        };
        using AcmClient client = Clients.With(options, new PauselessClock());
        var call = new AcmCallOptions { Log = log };

        await Clients.InTime(client.GetAsync(Key, call));
        await Clients.InTime(client.GetManyAsync([Key, new ConfigKey("b")], call: call));
        await Clients.InTime(client.ListPageAsync(1, 1, call));
        await Clients.InTime(client.PublishAsync(Key, Content, call: call));
        await client.RemoveAsync(Key, call, TestContext.Current.CancellationToken);
        AcmException[] errors =
        [
            await Clients.FailsAsync(client.GetAsync(new ConfigKey("denied"), call)),
            await Clients.FailsAsync(client.GetAsync(new ConfigKey("broken"), call)),
            await Clients.FailsAsync(client.GetAsync(new ConfigKey("garbled"), call)),
            await Clients.FailsAsync(client.PublishAsync(new ConfigKey("denied"), Content, call: call)),
            await Clients.FailsAsync(client.PublishAsync(Key, Content + "😀", call: call)),
            await Clients.FailsAsync(client.PublishAsync(Key, Content, new PublishOptions { IfMatch = new string('0', 32) }, call)),
        ];
        List<ConnectionCheck> checks = await Clients.InTime(client.TestConnectionAsync(call, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask());

        string[] secrets = [Canary.Mark, .. server.Requests.Select(request => request.Headers["Spas-Signature"]).Distinct()];
        string[] told = [.. log.Lines, .. errors.Select(error => error.ToString()), .. checks.Select(check => check.Detail + check.Cure)];
        Assert.All(secrets, secret => Assert.DoesNotContain(told, text => text.Contains(secret, StringComparison.Ordinal)));
        Assert.Contains(log.Lines, line => line.Contains("Spas-AccessKey: (removed)", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("Content-MD5: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verbose_says_which_server_answered_what_and_after_how_long()
    {
        var log = new RecordingLog(AcmLogLevel.Verbose);
        await using var server = ScriptedServer.Always(ScriptedReply.Content("value"));
        using AcmClient client = Clients.With(Clients.Options(server));

        await Clients.InTime(client.GetAsync(Key, new AcmCallOptions { Log = log }));

        string line = Assert.Single(log.Lines);
        Assert.Matches($@"^{server.Address} answered 200 with 5 bytes to Get DEFAULT_GROUP/app\.yml after \d+\.\d ms$", line);
    }

    [Fact]
    public async Task Verbose_says_what_failed_before_another_server_answered()
    {
        var log = new RecordingLog(AcmLogLevel.Verbose);
        await using var bad = ScriptedServer.Always(ScriptedReply.Status(503));
        await using var good = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.With(Clients.Options(bad, good));

        await Clients.InTime(client.GetAsync(Key, new AcmCallOptions { Log = log }));

        Assert.Contains(log.Lines, line => line.Contains(bad.Address, StringComparison.Ordinal) && line.Contains("503", StringComparison.Ordinal) && line.Contains("Trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_that_are_not_wanted_are_not_written()
    {
        var log = new RecordingLog(AcmLogLevel.Warning);
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.With(Clients.Options(server) with { Log = log });

        await Clients.InTime(client.GetAsync(Key));

        Assert.Empty(log.Lines);
    }

    private static ScriptedReply Answer(ScriptedRequest request) => request switch
    {
        { IsBatch: true } => ScriptedReply.Text(200, "text/html;charset=GBK", $$"""[{"dataId":"app.yml","content":"{{Content}}","status":1},{"dataId":"b","content":"{{Content}}","status":-1}]"""),
        { IsList: true } => ScriptedReply.Text(200, "application/json", """{"totalCount":0,"pagesAvailable":0,"pageItems":[]}"""),
        _ when (request.Target + request.Body).Contains("denied", StringComparison.Ordinal) => ScriptedReply.Text(403, "text/plain", Content),
        _ when request.Target.Contains("broken", StringComparison.Ordinal) => ScriptedReply.Text(500, "text/plain", Content),
        _ when request.Target.Contains("garbled", StringComparison.Ordinal) => ScriptedReply.Raw(200, "Content-MD5: 00", System.Text.Encoding.ASCII.GetBytes(Content)),
        { IsGet: true } => ScriptedReply.Content(Content),
        _ => ScriptedReply.Ok,
    };
}
