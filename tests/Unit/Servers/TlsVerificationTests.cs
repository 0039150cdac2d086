using Acm.Client.Http;
using Acm.Tests.Support;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Acm.Client;

namespace Acm.Tests.Servers;

public sealed class TlsVerificationTests : IDisposable
{
    private readonly TestAuthority _authority = new("Test CA");
    private readonly TestAuthority _other = new("Other CA");

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task S5_a_certificate_made_out_to_the_IP_address_is_trusted(string address)
    {
        using X509Certificate2 certificate = _authority.Issue([address]);

        Assert.Null(await Handshake(certificate, address, OwnRoots()));
    }

    [Theory]
    [InlineData("127.0.0.2", "it was issued to 127.0.0.2, not to '127.0.0.1'")]
    [InlineData("acm.example", "it was issued to acm.example, not to '127.0.0.1'")]
    [InlineData(null, "it was issued to no host name or IP address, not to '127.0.0.1'")]
    public async Task S5_TLS_to_an_IP_address_is_verified(string? name, string problem)
    {
        using X509Certificate2 certificate = _authority.Issue(name is null ? [] : [name]);

        Assert.Equal(problem, await Handshake(certificate, "127.0.0.1", OwnRoots()));
    }

    [Theory]
    [InlineData("acm.example", "acm.example", true)]
    [InlineData("ACM.example", "acm.EXAMPLE", true)]
    [InlineData("*.example", "acm.example", true)]
    [InlineData("*.example", "a.acm.example", false)]
    [InlineData("*.example", "example", false)]
    [InlineData("acm.example", "evil.example", false)]
    [InlineData("acm.example", "common.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("::1", "[::1]", true)]
    public void A_certificate_counts_for_the_names_that_it_is_made_out_to_and_no_other(string name, string host, bool expected)
    {
        using X509Certificate2 certificate = _authority.Issue([name]);

        bool trusted = OwnRoots().Validate(host, certificate, null, SslPolicyErrors.None, out string? problem);
        bool bySelf = CertificateNames.Of(certificate).Match(host.Trim('[', ']'));

        Assert.Equal(expected, trusted);
        Assert.Equal(expected, problem is null);

        // The parser of the netstandard2.0 build returns the same names as .NET.
        Assert.Equal(expected, bySelf);
    }

    [Fact]
    public void Garbled_names_are_no_names()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] good = TestAuthority.Names(["acm.example", "10.0.0.1"]).RawData;
        for (int length = 0; length < good.Length; length++)
        {
            var extension = new X509Extension("2.5.29.17", good[..length], critical: false);
            var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(extension);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            var verification = new TlsVerification([X509CertificateLoader.LoadCertificate(certificate.RawData)], null, skip: false);

            Assert.False(CertificateNames.Of(certificate).Match("acm.example"));
            Assert.False(verification.Validate("acm.example", certificate, null, SslPolicyErrors.None, out _));
        }
    }

    [Fact]
    public async Task A_further_name_is_accepted_beside_the_address_and_its_absence_is_told()
    {
        var verification = new TlsVerification(_authority.AsRoots(), "acm.example", skip: false);
        using X509Certificate2 byName = _authority.Issue(["acm.example"]);
        using X509Certificate2 byAddress = _authority.Issue(["127.0.0.1"]);
        using X509Certificate2 byNeither = _authority.Issue(["evil.example", "10.0.0.1"]);

        Assert.Null(await Handshake(byName, "127.0.0.1", verification));
        Assert.Null(await Handshake(byAddress, "127.0.0.1", verification));
        Assert.Equal("it was issued to evil.example, 10.0.0.1, not to '127.0.0.1' or 'acm.example'", await Handshake(byNeither, "127.0.0.1", verification));
    }

    [Fact]
    public async Task S7_a_certificate_of_another_authority_is_refused()
    {
        using X509Certificate2 certificate = _other.Issue(["127.0.0.1"]);

        string? byFile = await Handshake(certificate, "127.0.0.1", OwnRoots());
        string? bySystem = await Handshake(certificate, "127.0.0.1", new TlsVerification(null, null, skip: false));

        Assert.Equal("its issuer 'CN=Other CA' is not in the CA certificate file", byFile);
        Assert.Equal("its issuer 'CN=Other CA' is not known to this system", bySystem);
    }

    [Fact]
    public async Task An_authority_of_the_same_name_with_another_key_is_refused()
    {
        using var impostor = new TestAuthority("Test CA");
        using X509Certificate2 certificate = impostor.Issue(["127.0.0.1"]);

        Assert.NotNull(await Handshake(certificate, "127.0.0.1", OwnRoots()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_authorities_of_one_name_with_different_keys_in_one_file_each_counts(int issuer)
    {
        using var renewed = new TestAuthority("Test CA");
        TestAuthority[] authorities = [_authority, renewed];
        using X509Certificate2 certificate = authorities[issuer].Issue(["127.0.0.1"]);
        using X509Certificate2 foreign = _other.Issue(["127.0.0.1"]);
        X509Certificate2Collection roots = [.. _authority.AsRoots(), .. renewed.AsRoots()];
        var verification = new TlsVerification(roots, null, skip: false);

        Assert.Null(await Handshake(certificate, "127.0.0.1", verification));
        Assert.Equal("its issuer 'CN=Other CA' is not in the CA certificate file", await Handshake(foreign, "127.0.0.1", verification));
    }

    [Fact]
    public async Task An_authority_between_that_the_server_sends_along_is_followed()
    {
        using var between = new TestAuthority("Between CA", _authority);
        using X509Certificate2 certificate = between.Issue(["127.0.0.1"]);

        Assert.Null(await Handshake(certificate, "127.0.0.1", OwnRoots(), between.Certificate));
    }

    [Fact]
    public async Task A_certificate_that_is_out_of_date_is_refused_with_the_date()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 expired = _authority.Issue(["127.0.0.1"], from: now.AddDays(-9), until: now.AddDays(-1));
        using X509Certificate2 future = _authority.Issue(["127.0.0.1"], from: now.AddDays(1), until: now.AddDays(9));

        Assert.Equal($"it expired on {now.AddDays(-1):yyyy-MM-dd HH:mm:ss} UTC", await Handshake(expired, "127.0.0.1", OwnRoots()));
        Assert.Equal($"it is not valid before {now.AddDays(1):yyyy-MM-dd HH:mm:ss} UTC", await Handshake(future, "127.0.0.1", OwnRoots()));
    }

    [Fact]
    public void A_certificate_that_is_not_for_servers_is_refused()
    {
        using X509Certificate2 certificate = _authority.Issue(["acm.example"], usage: "1.3.6.1.5.5.7.3.2");

        Assert.False(OwnRoots().Validate("acm.example", certificate, null, SslPolicyErrors.None, out string? problem));
        Assert.NotEmpty(problem!);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        using X509Certificate2 certificate = _other.Issue(["evil.example"]);

        OwnRoots().Validate("acm.example", certificate, null, SslPolicyErrors.None, out string? problem);

        Assert.Equal("it was issued to evil.example, not to 'acm.example'; its issuer 'CN=Other CA' is not in the CA certificate file", problem);
    }

    [Fact]
    public async Task Skipping_the_check_takes_any_certificate()
    {
        using X509Certificate2 certificate = _other.Issue(["evil.example"]);

        Assert.Null(await Handshake(certificate, "127.0.0.1", new TlsVerification(null, null, skip: true)));
    }

    [Fact]
    public void No_certificate_is_no_trust()
    {
        Assert.False(OwnRoots().Validate("acm.example", null, null, SslPolicyErrors.RemoteCertificateNotAvailable, out string? problem));
        Assert.Equal("the server shows none", problem);
    }

    [Fact]
    public void Chain_errors_without_a_chain_are_no_trust()
    {
        using X509Certificate2 certificate = _authority.Issue(["acm.example"]);

        Assert.False(new TlsVerification(null, null, skip: false).Validate("acm.example", certificate, null, SslPolicyErrors.RemoteCertificateChainErrors, out _));
    }

    [Theory]
    [InlineData("acm.example", null, null)]
    [InlineData("acm.example:9000", "other.example", "evil.example")]
    public void Servers_that_the_address_server_lists_may_show_its_name_unless_another_is_given(string endpoint, string? serverName, string? refused)
    {
        var options = new AcmClientOptions { Endpoint = endpoint, TlsServerName = serverName, UseTls = true };
        var verification = TlsVerification.From(options, EndpointAddress.From(options, AddressDefaults.None));
        using X509Certificate2 certificate = _authority.Issue([serverName ?? "acm.example"]);
        using X509Certificate2 other = _authority.Issue([refused ?? "evil.example"]);

        verification.Validate("10.0.0.1", certificate, null, SslPolicyErrors.None, out string? problem);
        verification.Validate("10.0.0.1", other, null, SslPolicyErrors.None, out string? otherProblem);

        Assert.Null(problem);
        Assert.Contains("not to '10.0.0.1' or ", otherProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_given_directly_may_show_its_own_name_only()
    {
        var options = new AcmClientOptions { Endpoint = "https://10.0.0.1,https://acm.example", Direct = true };
        var verification = TlsVerification.From(options, EndpointAddress.From(options, AddressDefaults.None));
        using X509Certificate2 certificate = _authority.Issue(["acm.example"]);

        Assert.False(verification.Validate("10.0.0.1", certificate, null, SslPolicyErrors.None, out _));
        Assert.True(verification.Validate("acm.example", certificate, null, SslPolicyErrors.None, out _));
    }

    [Fact]
    public void A_TLS_server_name_that_is_none_is_an_argument_error()
    {
        var error = Assert.Throws<ArgumentException>(() => new TlsVerification(null, "not a name", skip: false));

        Assert.Contains("'not a name'", error.Message, StringComparison.Ordinal);
    }

    private TlsVerification OwnRoots() => new(_authority.AsRoots(), null, skip: false);

    /// <summary>Returns the verification error of a real handshake over loopback; null if there is none.</summary>
    private static async Task<string?> Handshake(X509Certificate2 certificate, string address, TlsVerification verification, X509Certificate2? alongside = null)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        using var client = new TcpClient(listener.LocalEndpoint.AddressFamily);
        Task<TcpClient> accepted = listener.AcceptTcpClientAsync(cancellationToken).AsTask();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using TcpClient server = await accepted.WaitAsync(Clients.Deadline, cancellationToken);

        await using var serverStream = new SslStream(server.GetStream());
        await using var clientStream = new SslStream(client.GetStream());
        Task serving = serverStream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, alongside is null ? null : [alongside], offline: true),
            },
            cancellationToken);
        try
        {
            await clientStream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = address,
                    RemoteCertificateValidationCallback = (sender, shown, chain, errors) =>
                        verification.Check(((SslStream)sender).TargetHostName, shown as X509Certificate2, chain, errors),
                },
                cancellationToken).WaitAsync(Clients.Deadline, cancellationToken);
            await serving.WaitAsync(Clients.Deadline, cancellationToken);
            return null;
        }
        catch (UntrustedCertificateException e)
        {
            client.Close();

            // The server may end with or without an error, because in TLS 1.3 its handshake completes before the client's verification.
            await serving.WaitAsync(Clients.Deadline, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(serving.IsCompleted);
            return e.Message;
        }
    }
}
