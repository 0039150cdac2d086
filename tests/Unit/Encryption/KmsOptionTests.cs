using Acm.Client;

namespace Acm.Tests.Encryption;

public sealed class KmsOptionTests
{
    private static readonly AcmCredential Keys = new("ak", "sk");

    [Fact]
    public void A_region_is_enough()
    {
        using var client = new AcmClient(Options(new AcmKmsOptions { RegionId = "cn-hangzhou" }));

        Assert.Equal("alias/acs/acm", client.Options.Kms!.KeyId);
    }

    public static TheoryData<AcmKmsOptions, string> Refused => new()
    {
        { new AcmKmsOptions(), "region" },
        { new AcmKmsOptions { RegionId = "" }, "region" },
        { new AcmKmsOptions { RegionId = "evil.example/" }, "'evil.example/'" },
        { new AcmKmsOptions { RegionId = "cn-hangzhou", KeyId = " " }, "key ID is empty" },
        { new AcmKmsOptions { Endpoint = "http://kms.example" }, "plain HTTP" },
        { new AcmKmsOptions { Endpoint = "kms example" }, "KMS endpoint" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_can_not_work_is_refused_when_connecting(AcmKmsOptions kms, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => new AcmClient(Options(kms)));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_credentials_nothing_is_stored_in_the_clear_by_oversight()
    {
        var error = Assert.Throws<ArgumentException>(() => new AcmClient(Options(new AcmKmsOptions { RegionId = "cn-hangzhou" }) with { Credential = null }));

        Assert.Contains("needs credentials", error.Message, StringComparison.Ordinal);
    }

    private static AcmClientOptions Options(AcmKmsOptions kms) => new() { Endpoint = "127.0.0.1", Direct = true, NoSnapshot = true, Credential = Keys, Kms = kms };
}
