using System.Net.Http.Headers;

namespace Acm.Client.Http;

/// <summary>An answer, read whole.</summary>
internal sealed class WireResponse
{
    public WireResponse(int status, HttpResponseHeaders headers, HttpContentHeaders contentHeaders, byte[] body, string server)
    {
        Status = status;
        Body = body;
        Server = server;
        Headers = headers;
        ContentHeaders = contentHeaders;
    }

    public int Status { get; }

    public byte[] Body { get; }

    /// <summary>Who answered, as <c>host:port</c>.</summary>
    public string Server { get; }

    /// <summary>What proved who sent the request that this answers; null where nothing did.</summary>
    public RequestProof? Proof { get; set; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders ContentHeaders { get; }

    public DateTimeOffset? Date => Headers.Date;

    /// <summary>How long the server asks to wait (<c>Retry-After</c>), in either form of the header; null where it does not say, or not in a form that can be read.</summary>
    public TimeSpan? RetryAfter
    {
        get
        {
            if (Headers.RetryAfter is not { } value) return null;

            // A date is by the server's clock, which is read beside it: ours may be off.
            TimeSpan? time = value.Delta ?? (value.Date is { } at && Date is { } now ? at - now : null);
            return time is { } wait && wait < TimeSpan.Zero ? TimeSpan.Zero : time;
        }
    }

    public DateTimeOffset? LastModified => ContentHeaders.LastModified;

    /// <summary>The charset that the answer declares, lower case and without quotes; null where it declares none.</summary>
    public string? Charset
    {
        get
        {
            // The one that Diamond servers send, without making an object of it.
            if (ContentHeaders.NonValidated("Content-Type") is "text/html;charset=GBK") return "gbk";

            string? charset = ContentHeaders.ContentType?.CharSet?.Trim('"', ' ').ToLowerInvariant();
            return string.IsNullOrEmpty(charset) ? null : charset;
        }
    }

    public string? MediaType => ContentHeaders.ContentType?.MediaType;

    /// <summary>The first value of a header; null where there is none.</summary>
    public string? Header(string name)
    {
        if (Headers.NonValidated(name) is { } value) return value;
        return ContentHeaders.NonValidated(name);
    }
}
