using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Acm.Benchmarks;

/// <summary>
/// A proxy that returns 404 for batch gets, like a server without them, and forwards all other requests. It relies on
/// HTTP/1.1 clients that wait for a response before the next request.
/// </summary>
internal sealed class BatchlessProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;
    private const string BatchGet = "method=batchGetConfig";
    private static readonly byte[] NotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Uri _server;
    private readonly TimeSpan _latency;
    private readonly Task _accepting;

    public BatchlessProxy(Uri server, TimeSpan latency)
    {
        _server = server;
        _latency = latency;
        _listener.Start();
        Uri = new Uri($"http://{_listener.LocalEndpoint}/");
        _accepting = AcceptAsync();
    }

    public Uri Uri { get; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_ending.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket _ = socket;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server.Port, _ending.Token);
            await Task.WhenAny(PassAnswersAsync(server, socket), PassRequestsAsync(socket, server));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One side closed the connection, or the benchmark ended.
        }
    }

    private async Task PassAnswersAsync(Socket server, Socket client)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        int length;
        while ((length = await server.ReceiveAsync(buffer, _ending.Token)) > 0) await SendAsync(client, buffer.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task PassRequestsAsync(Socket client, Socket server)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        int length = 0;
        while (true)
        {
            int request = RequestLength(buffer.AsSpan(0, length));
            if (request == 0)
            {
                int received = await client.ReceiveAsync(buffer.AsMemory(length), _ending.Token);
                if (received == 0) break;
                length += received;
                continue;
            }

            if (IsBatchGet(buffer))
            {
                await Task.Delay(_latency, _ending.Token);
                await SendAsync(client, NotFound);
            }
            else
            {
                await SendAsync(server, buffer.AsMemory(0, request));
            }

            buffer.AsSpan(request, length - request).CopyTo(buffer);
            length -= request;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Returns the length of the first request in the buffer including its body; 0 if it is incomplete.</summary>
    private static int RequestLength(ReadOnlySpan<byte> buffer)
    {
        int end = buffer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return 0;

        int length = end + 4;
        foreach (string line in Encoding.ASCII.GetString(buffer[..end]).Split("\r\n"))
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length += int.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }

        return length <= buffer.Length ? length : 0;
    }

    private static bool IsBatchGet(ReadOnlySpan<byte> request) =>
        request[..request.IndexOf((byte)'\n')].IndexOf(Encoding.ASCII.GetBytes(BatchGet)) >= 0;

    private async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, _ending.Token)..];
    }
}
