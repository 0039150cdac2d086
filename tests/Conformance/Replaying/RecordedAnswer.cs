using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Acm.Conformance.Json;

namespace Acm.Conformance.Replaying;

/// <summary>Sends a request on a separate connection, and writes the response in the format of the recorder.</summary>
internal static class RecordedAnswer
{
    // Longer bodies are recorded with length, digest and both ends.
    private const int LongestBody = 200_000;
    private const int HeadLength = 300;
    private const int TailLength = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Completes with the <c>response</c> member of a row.</summary>
    public static async Task<(JsonMap Response, byte[] Body)> ExchangeAsync(IPEndPoint server, string method, byte[] request)
    {
        var response = new JsonMap();
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server).WaitAsync(Deadline);
            await using var stream = new NetworkStream(socket);
            await SendAsync(stream, request);
            string[] head = (await ReadHeadAsync(stream).WaitAsync(Deadline)).Split("\r\n");
            response["status"] = StatusOf(head[0]);
            List<List<object?>> headers = [.. head[1..].Select(line => line.Split(':', 2)).Select(List<object?> (h) => [h[0], h.Length > 1 ? h[1].Trim() : ""])];
            response["headers"] = headers.ConvertAll<object?>(h => h);
            byte[] body = method == "HEAD" ? [] : await ReadBodyAsync(stream, headers).WaitAsync(Deadline);
            AddBody(response, body);
            return (response, body);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            response["status"] = BigInteger.Zero;
            response["headers"] = new List<object?>();
            response["error"] = $"{e.GetType().Name}: {e.Message}";
            return (response, []);
        }
    }

    /// <summary>Returns UTF-8 bodies as text, other bodies and zips as Base64, and very long ones as a note.</summary>
    public static void AddBody(JsonMap response, byte[] body)
    {
        if (body.Length > LongestBody)
        {
            var note = new JsonMap();
            note["bytes"] = new BigInteger(body.Length);
            note["sha256"] = Convert.ToHexStringLower(SHA256.HashData(body));
            note["head"] = Encoding.UTF8.GetString(body, 0, HeadLength);
            note["tail"] = Encoding.UTF8.GetString(body, body.Length - TailLength, TailLength);
            response["body_note"] = note;
            return;
        }

        try
        {
            if (!body.AsSpan().StartsWith("PK"u8))
            {
                response["body"] = Strict.GetString(body);
                return;
            }
        }
        catch (DecoderFallbackException)
        {
            // Written as base64 below.
        }

        response["body_base64"] = Convert.ToBase64String(body);
    }

    private static async Task SendAsync(NetworkStream stream, byte[] request)
    {
        try
        {
            await stream.WriteAsync(request).AsTask().WaitAsync(Deadline);
        }
        catch (IOException)
        {
            // The server may respond before it has read the whole request.
        }
    }

    private static BigInteger StatusOf(string line)
    {
        string[] parts = line.Split(' ', 3);
        return parts.Length > 1 && parts[0].StartsWith("HTTP/", StringComparison.Ordinal) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status >= 100
            ? status
            : throw new IOException($"BadStatusLine: {line}");
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one) == 0) throw new IOException("The server closed the connection without an answer.");

            head.Append((char)one[0]);
        }

        return head.ToString(0, head.Length - 4);
    }

    private static async Task<byte[]> ReadBodyAsync(NetworkStream stream, List<List<object?>> headers)
    {
        string? Header(string name) => headers.Find(h => name.Equals((string)h[0]!, StringComparison.OrdinalIgnoreCase))?[1] as string;
        if (Header("Content-Length") is { } length)
        {
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body);
            return body;
        }

        using var all = new MemoryStream();
        if (!"chunked".Equals(Header("Transfer-Encoding"), StringComparison.OrdinalIgnoreCase))
        {
            await stream.CopyToAsync(all);
            return all.ToArray();
        }

        while (true)
        {
            int size = int.Parse((await ReadLineAsync(stream)).Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var chunk = new byte[size];
            await stream.ReadExactlyAsync(chunk);
            await ReadLineAsync(stream);
            if (size == 0) return all.ToArray();

            all.Write(chunk);
        }
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) > 0 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }
}
