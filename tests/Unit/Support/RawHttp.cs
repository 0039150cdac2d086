using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Acm.Tests.Support;

/// <summary>HTTP/1.1 as bytes over a socket: what is sent is what the test wrote, with no client library between.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawHttp(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    public static async Task<RawHttp> ConnectAsync(Uri server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port)).WaitAsync(Clients.Deadline);
            return new RawHttp(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One request on a connection of its own.</summary>
    public static async Task<RawResponse> SendAsync(Uri server, string head, string body = "")
    {
        using RawHttp connection = await ConnectAsync(server);
        await connection.WriteAsync(head, body);
        return await connection.ReadAsync();
    }

    public static Task<RawResponse> GetAsync(Uri server, string target) => SendAsync(server, $"GET {target} HTTP/1.1");

    public static Task<RawResponse> PostAsync(Uri server, string target, string body, params string[] headers) =>
        SendAsync(server, string.Join('\n', [$"POST {target} HTTP/1.1", .. headers]), body);

    /// <summary>
    /// Sends a request line and headers, one per line, and adds a missing Host or Content-Length. Each character is one byte.
    /// </summary>
    public async Task WriteAsync(string head, string body = "")
    {
        string[] lines = head.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var request = new StringBuilder(string.Join("\r\n", lines)).Append("\r\n");
        if (!Has("Host")) request.Append("Host: ").Append(_socket.RemoteEndPoint).Append("\r\n");
        if (!Has("Content-Length") && !Has("Transfer-Encoding") && lines[0].StartsWith("POST", StringComparison.Ordinal))
        {
            request.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        request.Append("\r\n").Append(body);
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(request.ToString())).AsTask().WaitAsync(Clients.Deadline);

        bool Has(string name) => lines.Any(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Sends what was left out of the body.</summary>
    public async Task WriteRestAsync(string body) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(body)).AsTask().WaitAsync(Clients.Deadline);

    public async Task<RawResponse> ReadAsync()
    {
        string[] lines = (await ReadHeadAsync().WaitAsync(Clients.Deadline)).Split("\r\n");
        int status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
        {
            string[] parts = line.Split(": ", 2);
            headers.Add(parts[0], parts[1]);
        }

        if (headers.ContainsKey("Transfer-Encoding")) return new RawResponse(status, headers, await ReadChunksAsync().WaitAsync(Clients.Deadline));

        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await _stream.ReadExactlyAsync(body).AsTask().WaitAsync(Clients.Deadline);
        return new RawResponse(status, headers, body);
    }

    /// <summary>Waits for the first byte of an answer and takes nothing.</summary>
    public async Task WaitForAnswerAsync() => await _socket.ReceiveAsync(new byte[1], SocketFlags.Peek).WaitAsync(Clients.Deadline);

    /// <summary>True where the server has sent nothing that was not read.</summary>
    public bool IsSilent => _socket.Available == 0;

    /// <summary>Resets the connection, as a client does whose process is killed.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private async Task<byte[]> ReadChunksAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            string size = await ReadToAsync("\r\n");
            var chunk = new byte[int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
            await _stream.ReadExactlyAsync(chunk);
            await ReadToAsync("\r\n");
            if (chunk.Length == 0) return [.. body];

            body.AddRange(chunk);
        }
    }

    private Task<string> ReadHeadAsync() => ReadToAsync("\r\n\r\n");

    private async Task<string> ReadToAsync(string end)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one) == 0) throw new EndOfStreamException($"The server closed the connection after '{head}'.");

            head.Append((char)one[0]);
        }

        return head.ToString()[..^end.Length];
    }
}
