using System.IO.Pipelines;
using System.Text;

namespace Acm.Server.Http;

/// <summary>A response. Nothing is sent before it is complete, unless its body is a stream.</summary>
internal sealed class Answer
{
    public const string GbkHtml = "text/html;charset=GBK";
    public const string Utf8Html = "text/html;charset=UTF-8";
    private const string Plain = "text/plain;charset=UTF-8";

    public static Answer Ok { get; } = Text(200, "OK\n", GbkHtml);

    public static Answer Denied { get; } = Text(403, "403 error\n");

    public static Answer NotFound { get; } = Text(404, "config data not exist\n");

    public static Answer NoSuchPath { get; } = Text(404, "no such path\n");

    public static Answer MethodNotAllowed { get; } = Text(405, "method not allowed\n");

    public static Answer Conflict { get; } = Text(409, "the current md5 does not match the expected md5\n");

    /// <summary>Gets the response for an exceeded limit, with the spelling of the original server.</summary>
    public static Answer Throttled { get; } = Text(503, "Serivce is unavailable now.Request is refused.\n");

    public static Answer NothingChanged { get; } = new() { ContentType = GbkHtml };

    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = Plain;

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Gets the writer of a large body that is sent while it is written; null if <see cref="Body"/> is the body.</summary>
    public Func<PipeWriter, CancellationToken, Task>? Stream { get; init; }

    /// <summary>Gets whether caches must not store the response.</summary>
    public bool NeverCached { get; init; }

    public string? ContentMd5 { get; init; }

    public string? LastModified { get; init; }

    public string? EncryptedDataKey { get; init; }

    /// <summary>Gets the two headers from which clients before 2.0.4 read the result of a short poll.</summary>
    public (string Old, string New)? ProbeHeaders { get; init; }

    /// <summary>Gets additional headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static Answer BadRequest(string reason) => Text(400, reason + "\n");

    public static Answer StorageFailing(string reason) => Text(503, reason + "\n");

    public static Answer Text(int status, string text, string contentType = Plain) =>
        new() { Status = status, ContentType = contentType, Body = Encoding.UTF8.GetBytes(text) };

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (Stream is null) response.ContentLength = Body.Length;
        IHeaderDictionary headers = response.Headers;
        if (ContentType.Length > 0) headers.ContentType = ContentType;
        if (ContentMd5 is not null) headers.ContentMD5 = ContentMd5;
        if (LastModified is not null) headers.LastModified = LastModified;
        if (EncryptedDataKey is not null) headers["Encrypted-Data-Key"] = EncryptedDataKey;
        if (ProbeHeaders is { } probe)
        {
            headers["Probe-Modify-Response"] = probe.Old;
            headers["Probe-Modify-Response-New"] = probe.New;
        }

        foreach ((string name, string value) in Headers) headers[name] = value;
        if (NeverCached)
        {
            headers.Pragma = "no-cache";
            headers.Expires = "Thu, 01 Jan 1970 00:00:00 GMT";
            headers.CacheControl = "no-cache,no-store";
        }

        if (Stream is not null) await Stream(response.BodyWriter, response.HttpContext.RequestAborted).ConfigureAwait(false);
        else if (!Body.IsEmpty) await response.BodyWriter.WriteAsync(Body).ConfigureAwait(false);
    }
}
