using System.Net;
using Acm.Conformance.Recordings;
using Acm.Conformance.Replaying;
using Acm.Server;
using Acm.Server.Options;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance;

/// <summary>Our server in the test process, on a clock of the test, started so as the recorded one was.</summary>
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

    /// <param name="version">A recording: its generation, and whether its server asked clients for a login.</param>
    /// <param name="start">The time on the server's clock.</param>
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
        var host = new ServerHost(OptionsReader.Read(arguments, new Dictionary<string, string>(), Path.GetTempPath(), static () => Stream.Null), clock);
        await host.StartAsync(CancellationToken.None);
        return new NacosServer(host, clock, passwords);
    }

    /// <summary>When the first request of a recording was sent.</summary>
    public static DateTimeOffset StartOf(Recording recording) => DateTimeOffset.UnixEpoch.AddSeconds(recording.AllRows.Min(row => row.At - (row.Elapsed / 1000)) - 1);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_passwords);
    }
}
