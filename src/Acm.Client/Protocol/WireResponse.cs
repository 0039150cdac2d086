using System.Net.Http.Headers;

namespace Acm.Client.Protocol;

/// <summary>An answer, read whole.</summary>
internal sealed class WireResponse
{
    private readonly HttpResponseHeaders _headers;
    private readonly HttpContentHeaders _contentHeaders;

    public WireResponse(int status, HttpResponseHeaders headers, HttpContentHeaders contentHeaders, byte[] body, string server)
    {
        Status = status;
        Body = body;
        Server = server;
        _headers = headers;
        _contentHeaders = contentHeaders;
    }

    public int Status { get; }

    public byte[] Body { get; }

    /// <summary>Who answered, as <c>host:port</c>.</summary>
    public string Server { get; }

    public DateTimeOffset? Date => _headers.Date;

    public DateTimeOffset? LastModified => _contentHeaders.LastModified;

    /// <summary>The charset that the answer declares, lower case and without quotes; null where it declares none.</summary>
    public string? Charset
    {
        get
        {
            string? charset = _contentHeaders.ContentType?.CharSet?.Trim('"', ' ').ToLowerInvariant();
            return string.IsNullOrEmpty(charset) ? null : charset;
        }
    }

    public string? MediaType => _contentHeaders.ContentType?.MediaType;

    /// <summary>The first value of a header; null where there is none.</summary>
    public string? Header(string name)
    {
        if (_headers.NonValidated(name) is { } value) return value;
        return _contentHeaders.NonValidated(name);
    }
}
