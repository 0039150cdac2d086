using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Acm.Server.Options;

/// <summary>Loads the TLS certificate from a .pfx file or .pem files.</summary>
internal static class ServerCertificate
{
    /// <summary>Loads a certificate with its private key.</summary>
    /// <exception cref="OptionsException">A file is missing or invalid, or there is no private key.</exception>
    public static X509Certificate2 Load(string path, string? keyPath, string? passwordPath)
    {
        string? password = passwordPath is null ? null : SecretFile.Read(passwordPath);
        try
        {
            X509Certificate2 certificate = IsPfx(path)
                ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : LoadPem(path, keyPath, password);
            return certificate.HasPrivateKey ? certificate : throw new OptionsException($"The certificate '{path}' has no private key.");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"The certificate '{path}' cannot be loaded: {e.Message}", e);
        }
    }

    private static bool IsPfx(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";

    private static X509Certificate2 LoadPem(string path, string? keyPath, string? password)
    {
        X509Certificate2 certificate = password is null
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        if (!OperatingSystem.IsWindows()) return certificate;

        // TLS on Windows cannot use an ephemeral key.
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
