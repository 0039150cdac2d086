using Acm.Client.CloudApi;
using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

/// <summary>Test vectors of RPC signatures.</summary>
public sealed class RpcSignatureTests
{
    private const string CipherText = "DZhOWVmZDktM2QxNi00ODk0LWJkNGYtMWZjNDNm+/==";
    private const string Text = "p@ss w*rd~中文+/=&";

    public static TheoryData<string, string, string, string[], string> Vectors => new()
    {
        { "K1", "GET", "testsecret", Documented, "OLeaidS1JvxuMvnyHOwuJ+uX5qY=" },
        { "K1b", "POST", "testsecret", Documented, "MxbnVAM4w6sft9xjVpe/GCKueuk=" },
        { "K2", "POST", Secret, With("Action=Encrypt", "Version=2016-01-20", "KeyId=alias/acs/mse", "Plaintext=" + Text, "SignatureType=", "RegionId=cn-shanghai"), "8My6FNlSUO5sI0+iZbCBlprM+NQ=" },
        { "K3", "POST", Secret, With("Action=Decrypt", "Version=2016-01-20", "CiphertextBlob=" + CipherText, "SignatureType=", "RegionId=cn-shanghai"), "Z0Oa4NGHkZ6ZCGv7EgKWee1Mp9c=" },
        { "K4", "POST", Secret, With("Action=Encrypt", "Version=2016-01-20", "KeyId=alias/acs/mse", "Plaintext=" + Text), "rnUDipMF9Zu/KG7hTlgrVMaaCVA=" },
        { "K5", "POST", Secret, With("Action=Decrypt", "Version=2016-01-20", "CiphertextBlob=" + CipherText), "8qyx6Z2fw7qMCsX4+Wgd9Q+ijZI=" },
        { "K6", "POST", "sts-secret", ["AccessKeyId=STS.ak", .. Common, .. Sts], "+OBkou20FhDJbVF0QL2xwR+atnU=" },
        { "K7", "POST", Secret, With("Action=GenerateDataKey", "Version=2016-01-20", "KeyId=alias/acs/mse", "KeySpec=AES_256"), "aUfr3EqOd4+NvCbpHF46jVK8e+o=" },
        { "K8", "POST", Secret, With(AssumeRole), "LjnlXBk+NT5BbFud467QzN6HpBA=" },
        { "K8 GET", "GET", Secret, With(AssumeRole), "3Y8dNiJa6jEaw9YoGpdaARViUKY=" },
    };

    public static TheoryData<string, string, string[], string> StringsToSign => new()
    {
        { "K1", "GET", Documented, "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26" },
        { "K4", "POST", With("Action=Encrypt", "Version=2016-01-20", "KeyId=alias/acs/mse", "Plaintext=" + Text), "POST&%2F&AccessKeyId%3Dak-test-0001%26Action%3DEncrypt%26Format%3DJSON%26KeyId%3Dalias%252Facs%252Fmse%26Plaintext%3Dp%2540ss%2520w%252Ard~%25E4%25B8%25AD%25E6%2596%2587%252B%252F%253D%2526%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000-0000-0000-0000-000000000001%26SignatureVersion%3D1.0%26Timestamp%3D2023-11-14T22%253A13%253A20Z%26Version%3D2016-01-20" },
        { "K5", "POST", With("Action=Decrypt", "Version=2016-01-20", "CiphertextBlob=" + CipherText), "POST&%2F&AccessKeyId%3Dak-test-0001%26Action%3DDecrypt%26CiphertextBlob%3DDZhOWVmZDktM2QxNi00ODk0LWJkNGYtMWZjNDNm%252B%252F%253D%253D%26Format%3DJSON%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000-0000-0000-0000-000000000001%26SignatureVersion%3D1.0%26Timestamp%3D2023-11-14T22%253A13%253A20Z%26Version%3D2016-01-20" },
        { "K6", "POST", ["AccessKeyId=STS.ak", .. Common, .. Sts], "POST&%2F&AccessKeyId%3DSTS.ak%26Action%3DGenerateDataKey%26Format%3DJSON%26KeyId%3D1234abcd-12ab-34cd-56ef-12345678%252A%252A%252A%252A%26KeySpec%3DAES_128%26SecurityToken%3DCAIS%252Btoken%252F%253D%253D%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000-0000-0000-0000-000000000001%26SignatureVersion%3D1.0%26Timestamp%3D2023-11-14T22%253A13%253A20Z%26Version%3D2016-01-20" },
    };

    private const string Secret = "sk-test-secret-0001";

    private static string[] Documented =>
    [
        "AccessKeyId=testid", "SignatureMethod=HMAC-SHA1", "SignatureVersion=1.0", "Timestamp=2016-02-23T12:46:24Z", "Format=XML", "Action=DescribeRegions",
        "SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf", "Version=2014-05-26",
    ];

    private static string[] Common =>
        ["Format=JSON", "SignatureMethod=HMAC-SHA1", "SignatureVersion=1.0", "SignatureNonce=00000000-0000-0000-0000-000000000001", "Timestamp=2023-11-14T22:13:20Z"];

    private static string[] Sts =>
        ["Action=GenerateDataKey", "Version=2016-01-20", "KeyId=1234abcd-12ab-34cd-56ef-12345678****", "KeySpec=AES_128", "SecurityToken=CAIS+token/=="];

    private static string[] AssumeRole =>
        ["Action=AssumeRole", "Version=2015-04-01", "RoleArn=acs:ram::1234567890123456:role/acm-reader", "RoleSessionName=acm-ps", "DurationSeconds=3600"];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_signature_equals_the_known_answer(string vector, string method, string secret, string[] parameters, string expected)
    {
        string signature = RpcSignature.Compute(secret, RpcSignature.StringToSign(method, Pairs(parameters)));

        Assert.True(signature == expected, $"{vector}: {signature}");
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_stand_ins_reading_of_the_rules_comes_to_the_same(string vector, string method, string secret, string[] parameters, string expected)
    {
        string signature = RpcParameters.Sign(secret, method, Pairs(parameters).ToDictionary());

        Assert.True(signature == expected, $"{vector}: {signature}");
    }

    [Theory]
    [MemberData(nameof(StringsToSign))]
    public void A_string_to_sign_equals_the_known_answer(string vector, string method, string[] parameters, string expected)
    {
        string text = RpcSignature.StringToSign(method, Pairs(parameters));

        Assert.True(text == expected, $"{vector}: {text}");
    }

    [Fact]
    public void Names_are_sorted_by_their_bytes_and_not_as_a_language_would()
    {
        string query = RpcSignature.StringToSign("POST", Pairs(["b=1", "B=2", "a=3", "_=4"]));

        Assert.Equal("POST&%2F&B%3D2%26_%3D4%26a%3D3%26b%3D1", query);
    }

    private static string[] With(params string[] more) => ["AccessKeyId=ak-test-0001", .. Common, .. more];

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string[] parameters) =>
        parameters.Select(parameter => new KeyValuePair<string, string>(parameter.Split('=', 2)[0], parameter.Split('=', 2)[1]));
}
