using System.Text;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Reading;

/// <summary>Reads of a configuration, with scripted responses.</summary>
public sealed class GetTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task A_value_is_read_with_its_bytes_its_md5_and_its_time()
    {
        byte[] content = [0x74, 0x65, 0x73, 0x74, 0xd6, 0xd0, 0xce, 0xc4];
        await using var server = ScriptedServer.Always(ScriptedReply.Content(content));
        using AcmClient client = Clients.For(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("test中文", config.Content);
        Assert.Equal(content, config.RawBytes.ToArray());
        Assert.Equal("5cd914f0368da5d45cfc6fe9d00299e8", config.Md5);
        Assert.Equal(ConfigSource.Server, config.Source);
        Assert.Equal(server.Address, config.Server);
        Assert.Equal(DateTimeOffset.Parse("2023-11-14T22:13:20Z", System.Globalization.CultureInfo.InvariantCulture), config.LastModified);
    }

    [Fact]
    public async Task The_request_is_signed_as_the_known_answer_says()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("x"));
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = Clients.Credential }, clock);

        await Clients.InTime(client.GetAsync(Key));

        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.Equal("GET", request.Method);
        Assert.Equal("/diamond-server/config.co?dataId=app.yml&group=DEFAULT_GROUP&tenant=ns-0001", request.Target);
        Assert.Equal("ak-test-0001", request.Headers["Spas-AccessKey"]);
        Assert.Equal("1700000000123", request.Headers["timeStamp"]);
        Assert.Equal("S7P36cEmOFUPMM2uGkxBpgqO4qI=", request.Headers["Spas-Signature"]);
    }

    [Fact]
    public async Task S13_the_token_of_temporary_credentials_is_sent_and_not_signed()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("x"));
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = new AcmCredential("ak-test-0001", "sk-test-secret-0001", "sts-token") }, clock);

        await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("sts-token", server.Requests.Single().Headers["Spas-SecurityToken"]);
        Assert.Equal("S7P36cEmOFUPMM2uGkxBpgqO4qI=", server.Requests.Single().Headers["Spas-Signature"]);
    }

    [Fact]
    public async Task Without_credentials_no_header_speaks_of_any()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("x"));
        using AcmClient client = Clients.For(server);

        await Clients.InTime(client.GetAsync(Key));

        Assert.DoesNotContain(server.Requests.Single().Headers.Keys, name => name.StartsWith("Spas", StringComparison.OrdinalIgnoreCase) || name.Equals("timeStamp", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task R25_a_missing_configuration_is_an_error_of_its_own_and_never_the_servers_text()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Missing);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(false, "The request was not signed", "a credential source")]
    [InlineData(true, "was denied by", "secret key wrong")]
    public async Task What_to_do_about_a_denial_depends_on_whether_there_were_credentials(bool withKeys, string message, string advice)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Status(403));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = withKeys ? Clients.Credential : null });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Advice, StringComparison.Ordinal);
        Assert.Equal(withKeys, !error.Message.Contains("not signed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, AcmErrorKind.InvalidKey, 1)]
    [InlineData(401, AcmErrorKind.AuthenticationFailed, 1)]
    [InlineData(403, AcmErrorKind.AccessDenied, 1)]
    [InlineData(405, AcmErrorKind.CapabilityMissing, 1)]
    [InlineData(418, AcmErrorKind.InvalidResponse, 1)]
    [InlineData(302, AcmErrorKind.InvalidResponse, 3)]
    [InlineData(429, AcmErrorKind.Throttled, 3)]
    [InlineData(500, AcmErrorKind.ServerUnavailable, 3)]
    [InlineData(502, AcmErrorKind.ServerUnavailable, 3)]
    [InlineData(503, AcmErrorKind.ServerUnavailable, 3)]
    [InlineData(504, AcmErrorKind.ServerUnavailable, 3)]
    public async Task Each_status_is_its_kind_of_error_and_only_passing_ones_are_tried_again(int status, AcmErrorKind expected, int tries)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Status(status));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(expected, error.Kind);
        Assert.Equal(tries, server.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_for_too_many_requests_is_throttling()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(503, "text/plain", "Serivce is unavailable now.Request is refused."));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.Throttled, error.Kind);
    }

    [Fact]
    public async Task R10_a_configuration_that_is_being_changed_is_asked_for_again_and_never_taken_for_missing()
    {
        int asked = 0;
        await using var server = new ScriptedServer(_ => Interlocked.Increment(ref asked) <= 3
            ? ScriptedReply.Text(409, "text/html;charset=GBK", "requested file is being modified, please try later.")
            : ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task R10_a_configuration_that_stays_locked_is_a_conflict()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(409, "text/html;charset=GBK", "requested file is being modified, please try later."));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_login_page_in_place_of_the_content_is_garbled()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><body>Sign in</body></html>"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Theory]
    [InlineData(200, "text/html;charset=GBK")]
    [InlineData(200, "text/html;charset=gb2312")]
    [InlineData(404, "text/html")]
    [InlineData(404, "text/html;charset=GBK")]
    public async Task A_web_page_is_neither_content_nor_the_word_that_there_is_none(int status, string type)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(status, type, "<!DOCTYPE HTML>\n<html><body>Sign in</body></html>"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Theory]
    [InlineData("text/plain", "404 page not found\n", AcmErrorKind.InvalidResponse)]
    [InlineData("text/plain", "default backend - 404", AcmErrorKind.InvalidResponse)]
    [InlineData("application/json", "{\"status\":404}", AcmErrorKind.InvalidResponse)]
    [InlineData("text/html;charset=GBK", "config data not exist\n", AcmErrorKind.ConfigNotFound)]
    [InlineData("text/html;charset=GBK", "", AcmErrorKind.ConfigNotFound)]
    public async Task A_404_is_the_word_that_there_is_none_in_the_words_of_the_protocol_only(string type, string body, AcmErrorKind kind)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(404, type, body));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(kind, error.Kind);
    }

    [Fact]
    public async Task Bytes_that_do_not_match_their_checksum_are_garbled()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Raw(200, "Content-Type: text/html;charset=GBK\r\nContent-MD5: 00000000000000000000000000000000", Encoding.ASCII.GetBytes("v")));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("MD5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gbk", new byte[] { 0xd6 })]
    [InlineData("gbk", new byte[] { 0xff })]
    [InlineData("gbk", new byte[] { 0xe4, 0xb8, 0xad, 0xe6, 0x96, 0x87 })]
    [InlineData("utf-8", new byte[] { 0xd6, 0xd0 })]
    [InlineData("shift_jis", new byte[] { 0x41 })]
    public async Task Content_in_another_charset_than_declared_is_garbled(string charset, byte[] content)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Raw(200, $"Content-Type: text/plain;charset={charset}", content));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Fact]
    public async Task Content_declared_as_UTF8_is_read_as_that()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Raw(200, "Content-Type: text/plain; charset=\"UTF-8\"", Encoding.UTF8.GetBytes("😀")));
        using AcmClient client = Clients.For(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("😀", config.Content);
        Assert.Equal("utf-8", config.Charset);
    }

    [Fact]
    public async Task An_answer_that_is_not_HTTP_is_garbled()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Bytes("SSH-2.0-OpenSSH_9.2\r\n\r\n", ReplyEnd.Close));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000001\r\n")]
    public async Task An_answer_of_more_than_16_MB_is_refused(string head)
    {
        var reply = new ScriptedReply([Encoding.ASCII.GetBytes(head), new byte[16 * 1024 * 1024 + 1]], ReplyEnd.Close);
        await using var server = ScriptedServer.Always(reply);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("16 MB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_megabytes_are_read_whole()
    {
        byte[] content = new byte[10 * 1024 * 1024];
        Array.Fill(content, (byte)'x');
        await using var server = ScriptedServer.Always(ScriptedReply.Content(content));
        using AcmClient client = Clients.For(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(content.Length, config.Size);
    }

    [Fact]
    public async Task An_answer_cut_short_is_an_error_and_not_a_shorter_value()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", ReplyEnd.Close));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content(""));
        using AcmClient client = Clients.For(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("", config.Content);
        Assert.Equal("d41d8cd98f00b204e9800998ecf8427e", config.Md5);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_not_timed_out()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        using AcmClient client = Clients.For(server);
        using var cancel = new CancellationTokenSource();
        Task<AcmConfig> get = client.GetAsync(Key, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken));
    }
}
