using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Tests that need a server process: its first line, its exit codes, its shutdown.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-server-").FullName;

    [Fact]
    public async Task It_ends_with_its_standard_input_while_polls_hang()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartAsync();
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync("POST /diamond-server/config.co HTTP/1.1\nlongPullingTimeout: 30000", "Probe-Modify-Request=a%02G%02%01");
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);

        int exitCode = await server.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal("", (await poll.ReadAsync()).Text);
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:0", "--allow-anonymous")]
    [InlineData("--urls", "http://*:0", "--allow-anonymous")]
    [InlineData("--max-content-bytes", "many", "whole number")]
    [InlineData("--urls", "ftp://127.0.0.1", "must start with http")]
    [InlineData("--urls", "https://127.0.0.1:0", "--certificate")]
    [InlineData("--access-key", "ak", "both an access key and a secret key")]
    [InlineData("--secret-key-file", "absent-file", "cannot be read")]
    [InlineData("--certificate", "", "is empty")]
    public async Task A_wrong_option_ends_it_with_2_and_a_reason(string option, string value, string reason)
    {
        (int exitCode, string output, string errors) = await ServerCommand.RunAsync(option, value, "--in-memory");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_option_ends_the_process_with_2_and_a_reason()
    {
        (int exitCode, string output, string errors) = await AcmServerProcess.RunAsync("--nonsense", "", "--in-memory");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("'--nonsense' is not an option", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_ends_it_with_1_and_a_reason()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();

        (int exitCode, _, string errors) = await AcmServerProcess.RunAsync("--in-memory", "--urls", $"http://{listener.LocalEndpoint}");

        Assert.Equal(1, exitCode);
        Assert.Contains("address already in use", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_ends_it_with_1_and_a_reason()
    {
        (int exitCode, _, string errors) = await AcmServerProcess.RunAsync("--in-memory", "--allow-anonymous", "--urls", "http://192.0.2.1:0");

        Assert.Equal(1, exitCode);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_star_listens_on_every_address_of_this_machine()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartAsync("--allow-anonymous", "--urls", "http://*:0");

        RawResponse health = await RawHttp.GetAsync(new Uri($"http://127.0.0.1:{server.Uri.Port}"), "/health");

        Assert.Equal(200, health.Status);
    }

    [Fact]
    public async Task Help_lists_the_options_and_version_is_one_line()
    {
        (int helpCode, string help, _) = await AcmServerProcess.RunAsync("--help");
        (int versionCode, string version, _) = await AcmServerProcess.RunAsync("--version");

        Assert.Equal((0, 0), (helpCode, versionCode));
        Assert.Contains("--latency-ms N", help, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+\r?\n$", version);
    }

    [Fact]
    public async Task A_secret_from_the_environment_is_used_and_shown_nowhere()
    {
        var environment = new Dictionary<string, string> { ["ACM_SERVER_SECRET_KEY"] = "sk-test-secret-0001", ["ACM_SERVER_ACCESS_KEY"] = "ak" };
        await using AcmServerProcess server = await AcmServerProcess.StartAsync(environment, ["--in-memory"]);

        RawResponse unsigned = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=a&group=G");

        Assert.Equal(403, unsigned.Status);
        Assert.DoesNotContain("sk-test", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_on_the_command_line_works_and_warns()
    {
        await using AcmServerProcess server = await AcmServerProcess.StartAsync("--access-key", "ak", "--secret-key", "sk-test-secret-0001");

        await server.StopAsync();

        Assert.Contains("can be seen by other users", server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-test", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_TLS_it_shows_the_certificate_of_its_PEM_files()
    {
        (string certificate, string key, string thumbprint) = WriteCertificate();
        await using AcmServerProcess server = await AcmServerProcess.StartAsync(
            "--urls", "https://127.0.0.1:0", "--certificate", certificate, "--certificate-key", key);
        string? shown = null;

        using var client = new TcpClient();
        await client.ConnectAsync(server.Uri.Host, server.Uri.Port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, remote, _, _) => (shown = (remote as X509Certificate2)?.Thumbprint) is not null,
        };
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken).WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal("https", server.Uri.Scheme);
        Assert.Equal(thumbprint, shown);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (string Certificate, string Key, string Thumbprint) WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        string certificatePath = Path.Combine(_folder, "server.pem");
        string keyPath = Path.Combine(_folder, "server.key");
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return (certificatePath, keyPath, certificate.Thumbprint);
    }
}
