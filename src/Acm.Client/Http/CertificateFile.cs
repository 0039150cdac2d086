using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Acm.Client.Http;

/// <summary>Reads CA certificate files.</summary>
internal static class CertificateFile
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END CERTIFICATE-----";

    /// <summary>Loads the certificates of a file: one or more in PEM format, or one in DER format.</summary>
    /// <exception cref="ArgumentException">The file cannot be read or does not contain certificates; the message names it.</exception>
    public static X509Certificate2Collection Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Refusal(path, $"can't be read: {e.Message}", e);
        }

        try
        {
            List<byte[]> certificates = Pem(Encoding.ASCII.GetString(bytes));
            if (certificates.Count == 0)
            {
                if (bytes.Length == 0 || X509Certificate2.GetCertContentType(bytes) != X509ContentType.Cert) throw Refusal(path, "does not hold a certificate in PEM or DER format.");

                certificates.Add(bytes);
            }

            var collection = new X509Certificate2Collection();
            foreach (byte[] certificate in certificates) collection.Add(new X509Certificate2(certificate));
            return collection;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw Refusal(path, $"does not hold a valid certificate: {e.Message}", e);
        }
    }

    private static List<byte[]> Pem(string text)
    {
        var certificates = new List<byte[]>();
        int at = 0;
        while ((at = text.IndexOf(Begin, at, StringComparison.Ordinal)) >= 0)
        {
            at += Begin.Length;
            int end = text.IndexOf(End, at, StringComparison.Ordinal);
            if (end < 0) throw new FormatException("A certificate in it is truncated.");

            certificates.Add(Convert.FromBase64String(text.Substring(at, end - at)));
            at = end;
        }

        return certificates;
    }

    private static ArgumentException Refusal(string path, string problem, Exception? cause = null) => new($"The CA certificate file '{path}' {problem}", cause);
}
