using System.Net;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.CloudApi;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Credentials;

public sealed class RpcClientTests : IAsyncDisposable
{
    private readonly EchoStandIn _service = new();
    private readonly PauselessClock _clock = new(DateTimeOffset.UtcNow);
    private readonly RecordingLog _log = new(AcmLogLevel.Debug);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("p@ss w*rd~中文+/=&")]
    [InlineData("")]
    [InlineData("line\r\nline\t😀%41")]
    public async Task Every_text_arrives_signed_and_out_of_the_address(string text)
    {
        using RpcClient client = Client();

        Assert.Equal(text, await EchoAsync(client, text));

        RpcRequest request = Assert.Single(_service.Requests);
        Assert.DoesNotContain("Text", request.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Temporary_credentials_send_their_token_signed_and_out_of_the_address()
    {
        _service.AccessKeys["STS.ak"] = ("sts-secret", "CAIS+token/==");
        using RpcClient client = Client();

        Assert.Equal("x", await EchoAsync(client, "x", new AcmCredential("STS.ak", "sts-secret", "CAIS+token/==")));

        Assert.Equal("CAIS+token/==", Assert.Single(_service.Requests).Field("SecurityToken"));
    }

    [Fact]
    public async Task A_6_KB_text_is_sent_whole()
    {
        using RpcClient client = Client();
        string text = new('中', 2048);

        Assert.Equal(text, await EchoAsync(client, text));
    }

    [Theory]
    [InlineData(500, "InternalFailure")]
    [InlineData(503, "ServiceUnavailableTemporary")]
    [InlineData(400, "Rejected.Throttling")]
    [InlineData(400, "Throttling.User")]
    [InlineData(429, "Other")]
    [InlineData(502, "")]
    public async Task What_passes_is_asked_again_with_growing_pauses(int status, string code)
    {
        for (int i = 0; i < 3; i++) _service.NextReplies.Enqueue(RpcStandIn.Error(status, code));
        using RpcClient client = Client();

        Assert.Equal("x", await EchoAsync(client, "x"));

        Assert.Equal(RpcClient.MaxTries, _service.Requests.Count);
        Assert.Equal([100, 200, 400], _clock.Pauses.Select(pause => pause.TotalMilliseconds));
        Assert.Equal(4, _service.Requests.Select(request => request.Field("SignatureNonce")).Distinct().Count());
    }

    [Fact]
    public async Task Throttling_that_does_not_end_is_Throttled_after_four_tries()
    {
        for (int i = 0; i < 10; i++) _service.NextReplies.Enqueue(RpcStandIn.Error(400, "Rejected.Throttling"));
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "canary-text"));

        Assert.Equal(AcmErrorKind.Throttled, error.Kind);
        Assert.Equal(RpcClient.MaxTries, _service.Requests.Count);
        Assert.Contains("Rejected.Throttling", error.Message, StringComparison.Ordinal);
        Assert.Contains("4C467B38-3910-447D-87BC-AC049166F216", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "Forbidden.NoPermission", AcmErrorKind.AccessDenied)]
    [InlineData(403, "Forbidden.RAM", AcmErrorKind.AccessDenied)]
    [InlineData(404, "InvalidAccessKeyId.NotFound", AcmErrorKind.AuthenticationFailed)]
    [InlineData(400, "SignatureDoesNotMatch", AcmErrorKind.AuthenticationFailed)]
    [InlineData(400, "IncompleteSignature", AcmErrorKind.AuthenticationFailed)]
    [InlineData(400, "InvalidSecurityToken.Expired", AcmErrorKind.AuthenticationFailed)]
    [InlineData(400, "InvalidParameter", AcmErrorKind.InvalidResponse)]
    public async Task A_refusal_is_final_and_names_code_and_request_id(int status, string code, AcmErrorKind kind)
    {
        _service.NextReplies.Enqueue(RpcStandIn.Error(status, code, "The text was canary-text"));
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "canary-text"));

        Assert.Equal(kind, error.Kind);
        Assert.Single(_service.Requests);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains("request id 4C467B38-3910-447D-87BC-AC049166F216", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error + string.Join('\n', _log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_answers_XML_is_understood()
    {
        _service.NextReplies.Enqueue(RpcStandIn.XmlError(403, "Forbidden.NoPermission"));
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
        Assert.Contains("(Forbidden.NoPermission, HTTP 403, request id 4C467B38-3910-447D-87BC-AC049166F216)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Log in</body></html>")]
    [InlineData("[1]")]
    [InlineData("{\"Text\":1}")]
    [InlineData("{\"Text\":\"\\ud800\"}")]
    [InlineData("{\"Tex")]
    [InlineData("null")]
    public async Task An_answer_that_is_none_is_InvalidResponse(string body)
    {
        _service.NextReplies.Enqueue(new StandInReply(200, body));
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Theory]
    [InlineData("{\"Code\":{},\"RequestId\":[]}")]
    [InlineData("{\"Code\":\"bad code <x>\"}")]
    [InlineData("<Code>half")]
    [InlineData("\u0000\u0001")]
    public async Task A_refusal_that_says_nothing_usable_is_told_by_its_status(string body)
    {
        _service.NextReplies.Enqueue(new StandInReply(418, body));
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("(HTTP 418)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = new EchoStandIn();
        _service.NextReplies.Enqueue(new StandInReply(302, "") { Location = "https://" + other.Address + "/" });
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_clock_that_is_off_is_set_by_the_services_and_the_call_made_again_once()
    {
        _service.Clock = new PauselessClock(_clock.GetUtcNow().AddHours(3));
        using RpcClient client = Client();

        Assert.Equal("x", await EchoAsync(client, "x"));
        Assert.Equal("y", await EchoAsync(client, "y"));

        Assert.Equal(3, _service.Requests.Count);
    }

    [Fact]
    public async Task A_time_that_is_refused_twice_is_the_error()
    {
        for (int i = 0; i < 2; i++) _service.NextReplies.Enqueue(RpcStandIn.Error(400, "IllegalTimestamp"));
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Equal(2, _service.Requests.Count);
    }

    [Fact]
    public async Task A_used_nonce_is_replaced_once()
    {
        _service.NextReplies.Enqueue(RpcStandIn.Error(400, "SignatureNonceUsed"));
        using RpcClient client = Client();

        Assert.Equal("x", await EchoAsync(client, "x"));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_made_again()
    {
        _service.NextReplies.Enqueue(new StandInReply(200, "") { Drop = true });
        using RpcClient client = Client();

        Assert.Equal("x", await EchoAsync(client, "x"));
    }

    [Fact]
    public async Task Where_the_service_can_not_be_reached_the_advice_is_about_the_way_to_it()
    {
        for (int i = 0; i < RpcClient.MaxTries; i++) _service.NextReplies.Enqueue(new StandInReply(200, "") { Drop = true });
        using RpcClient client = Client();

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains("Check the KMS endpoint", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_hangs_is_a_Timeout_in_all()
    {
        for (int i = 0; i < 9; i++) _service.NextReplies.Enqueue(new StandInReply(200, "") { Hang = true });
        using var client = new RpcClient(Service(), RpcClient.Trust(_service.CaPath), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(700), TimeProvider.System, () => 0);

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
        Assert.Contains("Check the KMS endpoint", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent()
    {
        using var client = new RpcClient(Service(), RpcClient.Trust(caCertificatePath: null), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), _clock, () => 0);

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.UntrustedServer, error.Kind);
        Assert.Equal(nameof(AcmClientOptions.CaCertificatePath), error.Option);
        Assert.Empty(_service.Requests);
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task A_certificate_made_out_to_another_is_refused()
    {
        await using var other = new EchoStandIn(madeOutTo: "kms.cn-hangzhou.aliyuncs.com");
        using var client = new RpcClient(Service(other), RpcClient.Trust(other.CaPath), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), _clock, () => 0);

        AcmException error = await Clients.FailsAsync(EchoAsync(client, "x"));

        Assert.Equal(AcmErrorKind.UntrustedServer, error.Kind);
        Assert.Contains("kms.cn-hangzhou.aliyuncs.com", error.Message, StringComparison.Ordinal);
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task Nothing_of_TLS_is_changed_for_the_rest_of_the_process()
    {
#pragma warning disable SYSLIB0014 // What a script of long ago may rely on.
        SecurityProtocolType protocols = ServicePointManager.SecurityProtocol;
        object? callback = ServicePointManager.ServerCertificateValidationCallback;
        using RpcClient client = Client();

        await EchoAsync(client, "x");

        Assert.Equal(protocols, ServicePointManager.SecurityProtocol);
        Assert.Equal(callback, ServicePointManager.ServerCertificateValidationCallback);
#pragma warning restore SYSLIB0014
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("https://" + _service.Address), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://kms.example", "plain HTTP")]
    [InlineData("ftp://kms.example", "scheme")]
    [InlineData("kms example", "not a valid server address")]
    [InlineData("", "not a valid server address")]
    public void An_endpoint_that_is_none_or_not_safe_is_refused(string endpoint, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => RpcService.ParseAddress("KMS", endpoint));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_end_is_the_end()
    {
        _service.NextReplies.Enqueue(new StandInReply(200, "") { Hang = true });
        using RpcClient client = Client();
        using var ending = new CancellationTokenSource();

        Task<string> work = EchoAsync(client, "x", cancellationToken: ending.Token);
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken));
    }

    private async Task<string> EchoAsync(RpcClient client, string text, AcmCredential? credential = null, CancellationToken cancellationToken = default)
    {
        var call = new RpcCall { Action = "Echo", Fields = [new("Text", text)], Credential = credential ?? Clients.Credential };
        using RpcAnswer answer = await client.CallAsync(call, new CallLog(_log, null), cancellationToken).WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
        return answer.Required("Text");
    }

    private RpcClient Client() => new(Service(), RpcClient.Trust(_service.CaPath), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), _clock, () => 0);

    private RpcService Service(RpcStandIn? other = null) => new("KMS", "2016-01-20", RpcService.ParseAddress("KMS", (other ?? _service).Address));
}
