using System.Security.Cryptography;
using System.Text;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Servers that acknowledge a removal without doing it, from recorded responses.</summary>
public sealed class NacosGrayTests
{
    private static readonly ConfigKey Key = new("rec.gray", "REC");

    // 2.5.1, v1.history, step tag-delete; 3.0.3, v3admin.history, the same step; and what no version may be trusted with.
    [Theory]
    [InlineData("2.5.1", 500, "caused: Cannot invoke &quot;com.alibaba.nacos.config.server.model.ConfigInfoGrayWrapper.getId()&quot; because &quot;oldConfigAllInfo4Gray&quot; is null;")]
    [InlineData("3.0.3", 500, """{"code":30000,"message":"Cannot invoke \"com.alibaba.nacos.config.server.model.ConfigInfoGrayWrapper.getId()\" because \"oldConfigAllInfo4Gray\" is null","data":null}""")]
    [InlineData("2.5.1", 200, "true")]
    [InlineData("3.0.3", 200, """{"code":0,"message":"success","data":true}""")]
    [InlineData("3.0.3", 200, "")]
    public async Task The_removal_of_a_tag_that_did_not_happen_is_an_error(string version, int status, string answer)
    {
        await using ScriptedServer server = ScriptedNacos.Start(version, request => request.Method == "DELETE" ? ScriptedNacos.Json(status, answer) : Tagged());
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.RemoveGrayAsync(Key, GrayTarget.OfTag("v2"), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.CapabilityMissing, error.Kind);
        Assert.Contains("the version of tag 'v2' of 'REC/rec.gray' was not removed", error.Message, StringComparison.Ordinal);
    }

    // 2.5.1 and 3.0.3 on MySQL remove it, but clients are served the old version for another 65 to 100 ms.
    [Fact]
    public async Task The_removal_of_a_tag_is_done_once_reads_show_it()
    {
        int reads = 0;
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request.Method == "DELETE" ? ScriptedNacos.Json(200, "true")
            : Interlocked.Increment(ref reads) < 4 ? Tagged()
            : Absent());
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        await client.RemoveGrayAsync(Key, GrayTarget.OfTag("v2"), cancellationToken: TestContext.Current.CancellationToken).WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(4, reads);
    }

    // A version is stored but not served without formal content, and shortly after its publish.
    [Theory]
    [InlineData(200, "true", null)]
    [InlineData(500, "caused: Cannot invoke", AcmErrorKind.ConfigNotFound)]
    public async Task A_tag_that_is_not_served_is_removed_in_case_it_is_stored(int status, string answer, AcmErrorKind? expected)
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request.Method == "DELETE" ? ScriptedNacos.Json(status, answer) : Absent());
        var log = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock(), log: log);

        Task work = client.RemoveGrayAsync(Key, GrayTarget.OfTag("v2"), cancellationToken: TestContext.Current.CancellationToken);

        if (expected is null) await work.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
        else Assert.Equal(expected, (await Clients.FailsAsync(work)).Kind);
        Assert.Contains(server.Requests, request => request.Method == "DELETE");
        Assert.Equal(expected is null, log.Lines.Any(line => line.Contains("was not served with the version of tag 'v2'", StringComparison.Ordinal)));
    }

    // 2.2.3 drops the data key, so that content published with one could not be decrypted.
    [Fact]
    public async Task What_a_server_could_not_store_whole_is_not_sent_to_it()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.2.3", _ => ScriptedNacos.Json(200, "true"));
        using AcmClient client = ScriptedNacos.Connect(server);
        var target = GrayTarget.OfTag("v2");

        AcmException noKeys = await Clients.FailsAsync(client.PublishGrayAsync(new ConfigKey("cipher-kms-aes-256-x"), Convert.ToBase64String(new byte[32]), target, new PublishOptions { IsRaw = true, EncryptedDataKey = "key" }, cancellationToken: TestContext.Current.CancellationToken));
        AcmException tooLarge = await Clients.FailsAsync(client.PublishGrayAsync(Key, new string('{', 800_000), target, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((AcmErrorKind.CapabilityMissing, AcmErrorKind.ContentTooLarge), (noKeys.Kind, tooLarge.Kind));
        Assert.DoesNotContain(server.Requests, request => request.Method == "POST");
    }

    // 1.4.8 answers so whether there is a beta or not (v1.beta, step stop-none).
    [Fact]
    public async Task A_beta_that_does_not_exist_is_not_found()
    {
        await using ScriptedServer server = ScriptedNacos.Start("1.4.8", request => ScriptedNacos.Json(200, request.Method == "DELETE"
            ? """{"code":200,"message":"stop beta ok","data":true}"""
            : """{"code":200,"message":"stop beta ok","data":null}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        AcmException error = await Clients.FailsAsync(client.RemoveGrayAsync(Key, GrayTarget.Beta, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE");
    }

    // 1.4.8, v1.beta, step query-updated: its beta has no MD5.
    [Fact]
    public async Task A_beta_is_read_with_its_addresses()
    {
        await using ScriptedServer server = ScriptedNacos.Start("1.4.8", _ => ScriptedNacos.Json(200, """{"code":200,"message":"stop beta ok","data":{"id":"2","dataId":"rec.gray","group":"REC","content":"beta 2","md5":null,"tenant":"","appName":"","type":null,"betaIps":"10.1.2.3 , 10.1.2.4"}}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        GrayConfig gray = await client.GetGrayAsync(Key, GrayTarget.Beta, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("beta 2", "10.1.2.3 10.1.2.4"), (gray.Config.Content, string.Join(" ", gray.Addresses)));
    }

    // 2.0.3, v1.beta, steps beta-update and query-updated: the content changes, the addresses stay.
    [Theory]
    [InlineData("10.1.2.3,10.1.2.4", null)]
    [InlineData("10.1.2.4, 10.1.2.3", null)]
    [InlineData("10.1.2.3", "127.0.0.1:PORT stored the content of the beta version of 'REC/rec.gray', and not its addresses: the beta version still goes to 10.1.2.3.")]
    public async Task A_beta_that_still_goes_to_other_addresses_is_an_error(string kept, string? expected)
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.0.3", request => ScriptedNacos.Json(200, request.Method == "POST"
            ? "true"
            : $$$"""{"code":200,"message":"stop beta ok","data":{"id":"2","dataId":"rec.gray","group":"REC","content":"beta 2","md5":null,"betaIps":"{{{kept}}}"}}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        Task work = client.PublishGrayAsync(Key, "beta 2", GrayTarget.BetaOf(["10.1.2.3", "10.1.2.4"]), cancellationToken: TestContext.Current.CancellationToken);

        if (expected is null) await work.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
        else Assert.StartsWith(expected.Replace("127.0.0.1:PORT", server.Address, StringComparison.Ordinal), (await Clients.FailsAsync(work)).Message, StringComparison.Ordinal);
    }

    private static ScriptedReply Absent() => ScriptedReply.Text(404, "text/plain", "config data not exist");

    private static ScriptedReply Tagged() => ScriptedReply.Raw(200, "Content-Type: text/plain\r\nContent-MD5: " + Convert.ToHexStringLower(MD5.HashData("tagged"u8)) + "\r\nConfig-Type: text", Encoding.UTF8.GetBytes("tagged"));
}
