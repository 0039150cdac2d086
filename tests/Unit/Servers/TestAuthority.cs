using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Acm.Tests.Servers;

/// <summary>A certificate authority for tests.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddYears(-2);

    private readonly TestAuthority? _issuer;

    public TestAuthority(string name, TestAuthority? issuer = null)
    {
        _issuer = issuer;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = issuer is null
            ? request.CreateSelfSigned(Start, Start.AddYears(10))
            : Sign(request, issuer, key, Start, Start.AddYears(9));
    }

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection AsRoots() => [X509CertificateLoader.LoadCertificate(Certificate.RawData)];

    /// <summary>Returns a server certificate with its key for host names and IP addresses.</summary>
    public X509Certificate2 Issue(string[] names, DateTimeOffset? from = null, DateTimeOffset? until = null, string usage = "1.3.6.1.5.5.7.3.1")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=common.example", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        if (names.Length > 0) request.CertificateExtensions.Add(Names(names));
        return Sign(request, this, key, from ?? Start.AddYears(1), until ?? Start.AddYears(3));
    }

    public static X509Extension Names(string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        }

        return builder.Build();
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _issuer?.Dispose();
    }

    private static X509Certificate2 Sign(CertificateRequest request, TestAuthority issuer, ECDsa key, DateTimeOffset from, DateTimeOffset until)
    {
        using X509Certificate2 signed = request.Create(issuer.Certificate, from, until, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = signed.CopyWithPrivateKey(key);

        // TLS on Windows cannot use an ephemeral key.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
