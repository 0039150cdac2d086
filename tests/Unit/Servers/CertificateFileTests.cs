using System.Security.Cryptography.X509Certificates;
using Acm.Client.Http;
using Acm.Tests.Local;

namespace Acm.Tests.Servers;

public sealed class CertificateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _first = new("First CA");
    private readonly TestAuthority _second = new("Second CA");

    public void Dispose()
    {
        _folder.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Every_certificate_of_a_PEM_file_is_read_whatever_stands_around_them()
    {
        string path = _folder.Write("ca.pem", "# first\r\n" + _first.Certificate.ExportCertificatePem().ReplaceLineEndings("\r\n") + "\n\nsecond\n" + _second.Certificate.ExportCertificatePem());

        X509Certificate2Collection certificates = CertificateFile.Load(path);

        Assert.Equal(["CN=First CA", "CN=Second CA"], certificates.Select(certificate => certificate.Subject));
    }

    [Fact]
    public void A_DER_file_is_read()
    {
        string path = _folder.Write("ca.cer", _first.Certificate.RawData);

        X509Certificate2Collection certificates = CertificateFile.Load(path);

        Assert.Equal("CN=First CA", Assert.Single(certificates).Subject);
        Assert.False(certificates[0].HasPrivateKey);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")]
    public void A_file_without_a_valid_certificate_is_an_argument_error_that_names_it(string text)
    {
        string path = _folder.Write("ca.pem", text);

        var error = Assert.Throws<ArgumentException>(() => CertificateFile.Load(path));

        Assert.Contains($"The CA certificate file '{path}' does not hold a ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_with_a_private_key_is_no_CA_file()
    {
        string path = _folder.Write("ca.pfx", _first.Certificate.Export(X509ContentType.Pfx));

        Assert.Throws<ArgumentException>(() => CertificateFile.Load(path));
    }

    [Theory]
    [InlineData("none.pem")]
    [InlineData("")]
    public void A_file_that_can_not_be_read_is_an_argument_error_that_names_it(string name)
    {
        string path = Path.Combine(_folder.Path, name);

        var error = Assert.Throws<ArgumentException>(() => CertificateFile.Load(path));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
