using System.Text;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>
/// Reads the responses for one key. The last value is kept by a weak reference: an unchanged one is neither hashed nor decoded again.
/// </summary>
internal sealed class DiamondGet(string @namespace, ConfigKey key)
{
    private const string Gbk = "gbk";

    private readonly WeakReference<ServerValue?> _last = new(null);
    private Tuple<string, DateTimeOffset?>? _modified;

    public ServerRead Read(WireResponse response)
    {
        if (response.Status == 404)
        {
            // Web servers and gateways also answer 404, for a path, which says nothing about the configuration.
            if (response.Body.Length == 0 || SaysAbsent(response)) return new ServerRead(Value: null, ReadView.Only);

            string what = LooksLikePage(response) ? "a web page (404)" : "a 404 in other words than \"config data not exist\"";
            throw new AcmException(AcmErrorKind.InvalidResponse, $"The answer of {response.Server} for '{key}' cannot be used: it is {what}, which an ACM server never returns.") { Key = key, IsForeign = true };
        }

        if (response.Status == 409) throw DiamondErrors.Busy(response, @namespace, key);
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, "Reading", key);

        string? declaredCharset = response.Charset;
        ServerValue? same = declaredCharset == Gbk && _last.TryGetTarget(out ServerValue? last) && last!.Charset == Gbk && last.Bytes.AsSpan().SequenceEqual(response.Body) ? last : null;
        string md5 = same?.Md5 ?? Md5Hex.Of(response.Body);
        if (response.Header("Content-MD5") is { } declared)
        {
            if (!IsSame(declared, md5)) throw DiamondErrors.Garbled(response, $"its bytes have the MD5 {md5}, but it declares '{ForeignText.Clean(declared)}'", key);
        }
        else if (LooksLikePage(response))
        {
            throw DiamondErrors.Garbled(response, "it is a web page without a checksum, such as one of a proxy or a login page", key);
        }

        string charset = Gbk;
        string problem = "";
        string text = same?.Text ?? Decode(response.Body, declaredCharset, out charset, out problem) ?? throw DiamondErrors.Garbled(response, problem, key);
        var value = new ServerValue
        {
            Text = text,
            Bytes = response.Body,
            Md5 = md5,
            Charset = charset,
            Server = response.Server,
            LastModified = LastModified(response),
            Metadata = ConfigMetadata.OfDataKey(response.Header("Encrypted-Data-Key")),
        };
        _last.SetTarget(value);
        return new ServerRead(value, ReadView.Only);
    }

    /// <summary>Returns whether the response is the server's own "not found" message (suzuizui/diamond f9a4891).</summary>
    public static bool SaysAbsent(WireResponse response) => response.Status == 404 && response.Body.AsSpan().StartsWith("config data not exist"u8);

    /// <summary>Decodes content; returns null and the problem if it is not valid in its charset. The default charset is GBK.</summary>
    public static string? Decode(byte[] bytes, string? declared, out string charset, out string problem)
    {
        charset = declared is null or "gb2312" ? Gbk : declared;
        problem = "";
        string text;
        switch (charset)
        {
            case Gbk:
                return GbkText.TryDecode(bytes, out text, out problem) ? text : null;
            case "utf-8" or "utf8" or "us-ascii":
                charset = "utf-8";
                try
                {
                    return StrictUtf8.GetString(bytes);
                }
                catch (DecoderFallbackException e)
                {
                    problem = $"it is declared as UTF-8, but the bytes at offset {e.Index} are not";
                    return null;
                }

            default:
                problem = $"it declares the charset '{ForeignText.Clean(charset)}', but the protocol uses GBK";
                return null;
        }
    }

    private DateTimeOffset? LastModified(WireResponse response)
    {
        if (response.Header("Last-Modified") is not { } text) return null;
        if (_modified?.Item1 != text) _modified = Tuple.Create(text, response.LastModified);
        return _modified.Item2;
    }

    /// <summary>Compares the Content-MD5 header: servers send hexadecimal digits; Base64 as in RFC 1864 is accepted too.</summary>
    private static bool IsSame(string declared, string md5)
    {
        string value = declared.Trim();
        if (value.Length == 32) return string.Equals(value, md5, StringComparison.OrdinalIgnoreCase);
        return value == Convert.ToBase64String(Hex.Read(md5));
    }

    /// <summary>Returns whether a body begins like a web page. The content type cannot tell: servers declare <c>text/html;charset=GBK</c> for all content.</summary>
    public static bool LooksLikePage(WireResponse response)
    {
        if (response.MediaType is not (null or "text/html" or "application/xhtml+xml")) return false;

        string start = Encoding.ASCII.GetString(response.Body, 0, Math.Min(response.Body.Length, 256)).TrimStart('?', ' ', '\t', '\r', '\n');
        return start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }
}
