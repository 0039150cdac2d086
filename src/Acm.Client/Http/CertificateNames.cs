using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>
/// The subject alternative names of a certificate. The common name is ignored (RFC 9525).
/// </summary>
internal sealed class CertificateNames
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private const byte Sequence = 0x30;
    private const byte DnsName = 0x82;
    private const byte IpAddress = 0x87;

    private readonly List<string> _hosts = [];
    private readonly List<IPAddress> _addresses = [];

    private CertificateNames()
    {
    }

    /// <summary>Reads the names; returns none if the extension is malformed.</summary>
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        var names = new CertificateNames();
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != SubjectAlternativeName || names.TryRead(extension.RawData)) continue;

            names._hosts.Clear();
            names._addresses.Clear();
            break;
        }

        return names;
    }

    /// <summary>Returns whether the certificate is valid for a host name or an IP address.</summary>
    public bool Match(string host) =>
        IPAddress.TryParse(host, out IPAddress? address)
            ? _addresses.Exists(one => one.GetAddressBytes().AsSpan().SequenceEqual(address.GetAddressBytes()))
            : _hosts.Exists(pattern => Match(pattern.TrimEnd('.'), host.TrimEnd('.')));

    /// <summary>Returns the names as error messages list them.</summary>
    public override string ToString() =>
        _hosts.Count + _addresses.Count == 0 ? "no host name or IP address" : ForeignText.Clean(string.Join(", ", [.. _hosts, .. _addresses.Select(address => address.ToString())]));

    /// <summary>Compares one name; a wildcard matches exactly one label, the left-most.</summary>
    private static bool Match(string pattern, string host)
    {
        if (!pattern.StartsWith("*.", StringComparison.Ordinal)) return string.Equals(pattern, host, StringComparison.OrdinalIgnoreCase);

        int dot = host.IndexOf('.');
        return dot > 0 && string.Equals(pattern.Substring(1), host.Substring(dot), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Parses SEQUENCE OF GeneralName and keeps dNSName and iPAddress entries.</summary>
    private bool TryRead(ReadOnlySpan<byte> der)
    {
        if (!TryReadElement(ref der, out byte tag, out ReadOnlySpan<byte> names) || tag != Sequence || der.Length > 0) return false;

        while (names.Length > 0)
        {
            if (!TryReadElement(ref names, out tag, out ReadOnlySpan<byte> value)) return false;

            if (tag == DnsName) _hosts.Add(Encoding.ASCII.GetString(value.ToArray()));
            if (tag == IpAddress && value.Length is 4 or 16) _addresses.Add(new IPAddress(value.ToArray()));
        }

        return true;
    }

    private static bool TryReadElement(ref ReadOnlySpan<byte> der, out byte tag, out ReadOnlySpan<byte> value)
    {
        tag = 0;
        value = default;
        if (der.Length < 2) return false;

        tag = der[0];
        int length = der[1];
        int header = 2;
        if (length >= 0x80)
        {
            // Three length bytes are enough for the names of any real certificate.
            int lengthBytes = length - 0x80;
            if (lengthBytes is 0 or > 3 || der.Length < 2 + lengthBytes) return false;

            length = 0;
            for (int i = 0; i < lengthBytes; i++) length = (length << 8) | der[2 + i];
            header += lengthBytes;
        }

        if (der.Length - header < length) return false;

        value = der.Slice(header, length);
        der = der.Slice(header + length);
        return true;
    }
}
