using System.IO.Pipelines;
using System.Text;

namespace Acm.Server.Http;

/// <summary>A whole answer; nothing is sent before it is complete, unless its body is a stream.</summary>
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

    public static Answer Conflict { get; } = Text(409, "the current md5 is not the expected one\n");

    /// <summary>The spelling is that of the original server.</summary>
    public static Answer Throttled { get; } = Text(503, "Serivce is unavailable now.Request is refused.\n");

    public static Answer NothingChanged { get; } = new() { ContentType = GbkHtml };

    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = Plain;

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Writes a body that is too large to be put together first; null where <see cref="Body"/> is all.</summary>
    public Func<PipeWriter, CancellationToken, Task>? Stream { get; init; }

    /// <summary>Tells every cache on the way to keep its hands off.</summary>
    public bool NeverCached { get; init; }

    public string? ContentMd5 { get; init; }

    public string? LastModified { get; init; }

    public string? EncryptedDataKey { get; init; }

    /// <summary>The two headers in which clients older than 2.0.4 read a short poll's result.</summary>
    public (string Old, string New)? ProbeHeaders { get; init; }

    /// <summary>What a dialect says in headers of its own.</summary>
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
