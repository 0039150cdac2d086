using Acm.Client;
using Acm.Client.Credentials;
using Acm.Client.Http;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Protocol;

/// <summary>Signatures of ACM and Nacos clients as test vectors.</summary>
public sealed class SpasSignatureTests
{
    private const string TimeStamp = "1700000000123";
    private const string Secret = "sk-test-secret-0001";
    private static readonly string LongTenant = new('t', 128);
    private static readonly string LongGroup = new('g', 128);

    public static TheoryData<string, string, string?, string, string, string> Vectors => new()
    {
        { "V1", "ns-0001", "DEFAULT_GROUP", TimeStamp, Secret, "S7P36cEmOFUPMM2uGkxBpgqO4qI=" },
        { "V2", "", "DEFAULT_GROUP", TimeStamp, Secret, "qB7HjOVLjDgoy3cScQ5m2h+67Hs=" },
        { "V3", "ns-0001", null, TimeStamp, Secret, "hctK7POvYFDzY30i6vgGgANMQX4=" },
        { "V4", "ea61357b-d417-460c-92e4-032677dd8153", "ACM", TimeStamp, Secret, "nG7cavJ7PywqZmuyknfWRzX5B68=" },
        { "V5", "命名空间", "分组", TimeStamp, Secret, "X6EozBDWILRu21DeNgOz4zbwr1k=" },
        { "V6", LongTenant, LongGroup, TimeStamp, Secret, "dJ0wCZWGBryYOAPVd+dfMnasyH8=" },
        { "V7", "ns_1.a-b", "ACM:Test", TimeStamp, Secret, "3IiBneKxLunK2K1d1acQkS3aZBI=" },
        { "V8", "t", "g", TimeStamp, "密钥-key", "wQxRk7FnJx5+/74Vp04+E4xdaVM=" },
        { "V8b", "t", "g", "0", Secret, "R+PVC5vpUVHopm+fI9kvOhfxnTg=" },
        { "V9", "", null, TimeStamp, Secret, "eML6YtuiGU4b+M+YkIkDCPqzCyc=" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_signature_equals_the_known_answer(string vector, string tenant, string? group, string timeStamp, string secret, string expected)
    {
        string signature = SpasSignature.Compute(secret, SpasSignature.StringToSign(tenant, group, timeStamp));

        Assert.True(signature == expected, $"{vector}: {signature}");
    }

    [Theory]
    [InlineData("V10", Secret, "+1700000000123", "hdoZtEQICpfAVhhrHDWYAvvoE5g=")]
    [InlineData("V11", Secret, "undefined+1700000000123", "fm/+UtOl67iMH4Di0aARarOlwQ8=")]
    [InlineData("V13", "foo", "foo", "sputg0LPIDrWDLp2X2pdKQ6NJiI=")]
    public void What_other_clients_sign_can_be_recognised(string vector, string secret, string text, string expected)
    {
        string signature = SpasSignature.Compute(secret, text);

        Assert.True(signature == expected, $"{vector}: {signature}");
    }

    [Fact]
    public async Task S13_the_security_token_of_temporary_credentials_is_sent_but_not_signed()
    {
        IReadOnlyDictionary<string, string> headers = await SignAsync(DiamondRequests.Get("ns-0001", new ConfigKey("app.yml")), new AcmCredential("STS.ak", Secret, "token/=="));

        Assert.Equal("S7P36cEmOFUPMM2uGkxBpgqO4qI=", headers["Spas-Signature"]);
        Assert.Equal("token/==", headers["Spas-SecurityToken"]);
        Assert.Equal("STS.ak", headers["Spas-AccessKey"]);
        Assert.Equal(TimeStamp, headers["timeStamp"]);
    }

    [Fact]
    public async Task V12_a_list_of_the_blank_namespace_is_signed_whole_and_never_by_half()
    {
        IReadOnlyDictionary<string, string> headers = await SignAsync(DiamondRequests.List("", 1, 200), new AcmCredential("ak", Secret));

        Assert.Equal("eML6YtuiGU4b+M+YkIkDCPqzCyc=", headers["Spas-Signature"]);
    }

    // Section 11.2 of the reference of Nacos.
    [Theory]
    [InlineData("dev-ns", "DEFAULT_GROUP", "KmTUWP19X05ukNC9+lGazEhkGeQ=")]
    [InlineData("", "DEFAULT_GROUP", "3vLwPoaDmO8UuFF1lT1hxBr7EkY=")]
    public async Task Version_4_signs_with_a_key_that_is_derived_for_the_day_and_the_region(string tenant, string group, string expected)
    {
        NacosServer server = NacosServer.Of("2.5.1")!;

        IReadOnlyDictionary<string, string> headers = await SignAsync(NacosRequests.Get(server, tenant, new ConfigKey("app.yml", group)), new AcmCredential("ak", "testSK"), 1700000000000, "cn-hangzhou");

        Assert.Equal("DMAMfuEd1k1f7sSfi8Ntn9y9j/5wS1Gr1J8g4w/i0mY=", SpasSignature.DeriveKey("testSK", "20231114", "cn-hangzhou"));
        Assert.Equal(expected, headers["Spas-Signature"]);
        Assert.Equal("v4", headers["signatureVersion"]);
    }

    [Theory]
    [InlineData("dev-ns", "2+Cy1EVTihDu7tgdqU/XcnrcxAc=")]
    [InlineData("", "CMj4U2QLSxG4MUbWo6SvDrMdn14=")]
    public async Task Nacos_has_the_signature_of_ACM_where_no_region_is_given(string tenant, string expected)
    {
        foreach (string version in new[] { "1.4.8", "3.0.3" })
        {
            IReadOnlyDictionary<string, string> headers = await SignAsync(NacosRequests.Get(NacosServer.Of(version)!, tenant, new ConfigKey("app.yml")), new AcmCredential("ak", "testSK"), 1700000000000);

            Assert.Equal(expected, headers["Spas-Signature"]);
            Assert.False(headers.ContainsKey("signatureVersion"));
        }
    }

    // A listener signs neither namespace nor group, although it sends the namespace.
    [Fact]
    public async Task A_poll_of_Nacos_signs_the_time_alone()
    {
        IReadOnlyDictionary<string, string> headers = await SignAsync(NacosRequests.Poll("dev-ns", new NacosListenRequest("dev-ns"), hold: null), new AcmCredential("ak", "testSK"), 1700000000000);

        Assert.Equal("ce0CjYGWaZvKtSLiDJoicTa1VNw=", headers["Spas-Signature"]);
    }

    /// <summary>Returns the headers of a request that is signed at the time of the test vectors.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> SignAsync(WireRequest request, AcmCredential credential, long milliseconds = 1700000000123, string? region = null)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
        var authenticator = new SpasAuthenticator(CredentialSources.Keys(credential), clock, region);
        using var message = new HttpRequestMessage();

        (await authenticator.GetAsync(TestContext.Current.CancellationToken)).ApplyTo(message, request);

        return message.Headers.ToDictionary(header => header.Key, header => header.Value.Single());
    }
}
