using System.Net.Http.Headers;

namespace Acm.Client.Http;

/// <summary>A complete HTTP response.</summary>
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

    /// <summary>Gets the server that answered, as <c>host:port</c>.</summary>
    public string Server { get; }

    /// <summary>Gets or sets the credentials of the request; null if it was anonymous.</summary>
    public RequestProof? Proof { get; set; }

    public HttpResponseHeaders Headers { get; }

    public HttpContentHeaders ContentHeaders { get; }

    public DateTimeOffset? Date => Headers.Date;

    /// <summary>Gets the delay that the server requests (<c>Retry-After</c>, either form); null if it is absent or invalid.</summary>
    public TimeSpan? RetryAfter
    {
        get
        {
            if (Headers.RetryAfter is not { } value) return null;

            // A date is compared with the server's own Date header, because the local clock may differ.
            TimeSpan? time = value.Delta ?? (value.Date is { } at && Date is { } now ? at - now : null);
            return time is { } wait && wait < TimeSpan.Zero ? TimeSpan.Zero : time;
        }
    }

    public DateTimeOffset? LastModified => ContentHeaders.LastModified;

    /// <summary>Gets the declared charset in lower case, without quotes; null if none is declared.</summary>
    public string? Charset
    {
        get
        {
            // The value that Diamond servers send, without the cost of parsing it.
            if (ContentHeaders.NonValidated("Content-Type") is "text/html;charset=GBK") return "gbk";

            string? charset = ContentHeaders.ContentType?.CharSet?.Trim('"', ' ').ToLowerInvariant();
            return string.IsNullOrEmpty(charset) ? null : charset;
        }
    }

    public string? MediaType => ContentHeaders.ContentType?.MediaType;

    /// <summary>Returns the first value of a header; null if it is absent.</summary>
    public string? Header(string name)
    {
        if (Headers.NonValidated(name) is { } value) return value;
        return ContentHeaders.NonValidated(name);
    }
}
