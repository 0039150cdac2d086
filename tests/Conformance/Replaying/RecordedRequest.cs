using System.Globalization;
using System.Text;
using Acm.Conformance.Json;

namespace Acm.Conformance.Replaying;

/// <summary>Turns a recorded request into the bytes that the recorder sent.</summary>
internal static class RecordedRequest
{
    private const string Agent = "acm-recorder/1";

    /// <param name="request">The recorded request.</param>
    /// <param name="host">The Host header.</param>
    /// <param name="translate">Replaces recorded tokens and identifiers with the actual ones.</param>
    public static byte[] Bytes(JsonMap request, string host, Func<string, string> translate)
    {
        string method = request.Text("method")!;
        string query = request.Text("query") is { Length: > 0 } text ? "?" + translate(text) : "";
        byte[]? body = Body(request, translate);
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{method} {request.Text("path")}{query} HTTP/1.1\r\nHost: {host}\r\n");
        bool hasAgent = false;
        foreach (List<object?> header in (request["headers"] as List<object?> ?? []).Cast<List<object?>>())
        {
            // The recorder sends header values in UTF-8; here each character is a byte.
            string value = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(translate((string)header[1]!)));
            head.Append((string)header[0]!).Append(": ").Append(value).Append("\r\n");
            hasAgent |= "User-Agent".Equals((string)header[0]!, StringComparison.OrdinalIgnoreCase);
        }

        if (!hasAgent) head.Append("User-Agent: ").Append(Agent).Append("\r\n");
        if (body is not null || method is "POST" or "PUT" or "PATCH") head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body?.Length ?? 0}\r\n");
        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body ?? []];
    }

    private static byte[]? Body(JsonMap request, Func<string, string> translate)
    {
        if (request.Text("body_base64") is { } binary) return Convert.FromBase64String(binary);

        if (request.Map("body_repeat") is { } repeat)
        {
            return Encoding.UTF8.GetBytes(repeat.Text("prefix") + string.Concat(Enumerable.Repeat(repeat.Text("unit"), (int)repeat.Number("count"))));
        }

        return request.Text("body") is { } text ? Encoding.UTF8.GetBytes(translate(text)) : null;
    }
}
