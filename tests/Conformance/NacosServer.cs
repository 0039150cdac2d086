using System.Net;
using Acm.Conformance.Recordings;
using Acm.Conformance.Replaying;
using Acm.Server;
using Acm.Server.Options;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance;

/// <summary>The server under test in the test process, with a fake clock and the settings of the recorded server.</summary>
internal sealed class NacosServer : IAsyncDisposable
{
    private const string Password = "nacos";

    private readonly ServerHost _host;
    private readonly string _passwords;

    private NacosServer(ServerHost host, FakeTimeProvider clock, string passwords)
    {
        _host = host;
        _passwords = passwords;
        var address = new Uri(host.Addresses.First());
        Target = new ReplayTarget(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), clock, host.WatchPolls) { Grpc = host.GrpcAddresses.Select(grpc => new Uri(grpc)).FirstOrDefault() };
    }

    public ReplayTarget Target { get; }

    /// <param name="version">The recording, which determines the generation and whether clients must log in.</param>
    /// <param name="start">The initial time of the server's clock.</param>
    public static async Task<NacosServer> StartAsync(string version, DateTimeOffset start)
    {
        string passwords = Path.GetTempFileName();
        await File.WriteAllTextAsync(passwords, $"nacos={Password}\n");
        List<string> arguments =
        [
            "--urls", "http://127.0.0.1:0", "--in-memory",
            "--nacos-generation", Newest.Is(version) ? version[..3] : version[..1],
            "--user", "nacos=admin", "--password-file", passwords,
            "--trusted-proxy", "127.0.0.1",
        ];
        if (!version.Contains('-', StringComparison.Ordinal)) arguments.Add("--anonymous-client");
        if (version.EndsWith("-ttl", StringComparison.Ordinal)) arguments.AddRange(["--token-seconds", "10"]);

        var clock = new FakeTimeProvider(start);
        var host = new ServerHost(OptionsReader.Read(arguments, new Dictionary<string, string>(), Path.GetTempPath(), static () => Stream.Null) with { PasswordIterations = 10 }, clock);
        await host.StartAsync(CancellationToken.None);
        return new NacosServer(host, clock, passwords);
    }

    /// <summary>Returns the time of the first request of a recording.</summary>
    public static DateTimeOffset StartOf(Recording recording) => DateTimeOffset.UnixEpoch.AddSeconds(recording.AllRows.Min(row => row.At - (row.Elapsed / 1000)) - 1);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_passwords);
    }
}
