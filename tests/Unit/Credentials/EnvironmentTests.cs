using Acm.Client;
using Acm.Client.Credentials;

namespace Acm.Tests.Credentials;

public sealed class EnvironmentTests : IDisposable
{
    private readonly ProviderSetting _setting = new();

    public void Dispose() => _setting.Dispose();

    [Fact]
    public async Task Two_variables_are_lasting_keys()
    {
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "ak";
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "sk";

        AcmCredential credential = await FetchAsync();

        Assert.Equal(("ak", "sk", null, null), (credential.AccessKey, credential.SecretKey, credential.SecurityToken, credential.Expires));
    }

    [Fact]
    public async Task With_a_third_they_are_temporary()
    {
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "ak";
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "sk";
        _setting.Variables["ALIBABA_CLOUD_SECURITY_TOKEN"] = "token";

        Assert.Equal("token", (await FetchAsync()).SecurityToken);
    }

    [Theory]
    [InlineData(null, null, "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set.")]
    [InlineData("ak", "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set.")]
    [InlineData("", "canary", "ALIBABA_CLOUD_ACCESS_KEY_ID is not set.")]
    public async Task What_is_missing_or_empty_is_named(string? id, string? secret, string message)
    {
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = id;
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = secret;

        AcmException error = await _setting.FailsAsync(scope => new EnvironmentProvider(scope));

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task A_line_end_that_was_copied_along_is_told_without_the_value()
    {
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "canary-ak\n";
        _setting.Variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "canary-sk";

        AcmException error = await _setting.FailsAsync(scope => new EnvironmentProvider(scope));

        Assert.Contains("position 10", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    private Task<AcmCredential> FetchAsync() => _setting.FetchAsync(scope => new EnvironmentProvider(scope));
}
