using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.Local;
using Acm.Tests.StandIns;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Credentials;

/// <summary>The environment variables, home folder and clock of a provider in a test.</summary>
internal sealed class ProviderSetting : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private CredentialScope? _scope;

    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal);

    public string Home => _home.Path;

    public FakeTimeProvider Clock { get; } = new PauselessClock(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    public CredentialSourceOptions Options { get; set; } = new();

    public CredentialScope Scope => _scope ??= new CredentialScope(Options, Clock, () => 0, name => Variables.GetValueOrDefault(name), Home);

    /// <summary>Sends STS calls to a stand-in with the test's clock.</summary>
    public void Use(StsStandIn sts)
    {
        sts.Clock = Clock;
        Options = Options with { StsEndpoint = "https://" + sts.Address, CaCertificatePath = sts.CaPath };
    }

    public void Use(MetadataStandIn metadata)
    {
        metadata.Clock = Clock;
        Options = Options with { MetadataEndpoint = metadata.Address };
    }

    /// <summary>Writes a file in the home folder.</summary>
    public string Write(string path, string text)
    {
        string full = Path.Combine(Home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public Task<AcmCredential> FetchAsync(Func<CredentialScope, ICredentialProvider> provider) => Clients.InTime(provider(Scope).FetchAsync(TestContext.Current.CancellationToken));

    /// <summary>Returns the error of a provider without credentials.</summary>
    public async Task<AcmException> FailsAsync(Func<CredentialScope, ICredentialProvider> provider)
    {
        AcmException error = await Assert.ThrowsAsync<AcmException>(() => FetchAsync(provider));
        return error;
    }

    public void Dispose()
    {
        _scope?.Dispose();
        _home.Dispose();
    }
}
