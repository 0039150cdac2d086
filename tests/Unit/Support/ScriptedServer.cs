using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Acm.Tests.Support;

/// <summary>
/// A server on real loopback sockets that replies to each request with the bytes from the test, valid or not. It shares no code with the product.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private const byte TlsHandshake = 0x16;
    private const string Http2Preface = "PRI * HTTP/2.0";

    // Bound but not listening until the process ends, because a free port might be reused by the next test.
    private static readonly Socket Unused = Bound();

    // Clients of Nacos look for gRPC at the upper port, where the server of another test must not get their connections.
    private readonly PortPair _ports = PortPair.Take();
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Channel<ScriptedRequest> _coming = Channel.CreateUnbounded<ScriptedRequest>();
    private readonly SemaphoreSlim _left = new(0);
    private readonly Func<ScriptedRequest, ScriptedReply> _answer;
    private readonly Task _accepting;

    public ScriptedServer(Func<ScriptedRequest, ScriptedReply> answer)
    {
        _answer = answer;
        _listener = new TcpListener(IPAddress.Loopback, _ports.ListenPort);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => "127.0.0.1:" + Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets all requests in the order of arrival.</summary>
    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    /// <summary>Gets the number of accepted connections.</summary>
    public int Connections => _connections.Count;

    /// <summary>Waits for the next request in the order of arrival.</summary>
    public async Task<ScriptedRequest> NextRequestAsync() => await _coming.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ModuleShell.Deadline);

    /// <summary>Waits until a client has given up one more request that this server left hanging.</summary>
    public async Task ClientLeftAsync() => Assert.True(await _left.WaitAsync(ModuleShell.Deadline, TestContext.Current.CancellationToken), "No client left.");

    public static ScriptedServer Always(ScriptedReply reply) => new(_ => reply);

    /// <summary>A port at which nothing listens.</summary>
    public static int UnusedPort() => ((IPEndPoint)Unused.LocalEndPoint!).Port;

    /// <summary>Refuses connections from now on. Those that there are go on.</summary>
    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _ports.Dispose();
        _ending.Dispose();
        _left.Dispose();
    }

    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_ending.Token);
                _connections.Add(ServeAsync(socket));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await using var stream = new NetworkStream(socket);
                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);

                    // Before the test is notified, because its reaction may cause another request, whose reply must be created later.
                    ScriptedReply reply = _answer(request);
                    _coming.Writer.TryWrite(request);
                    if (reply.Gate is { } gate) await gate.WaitAsync(_ending.Token);
                    if (reply.Late is { } late) reply = late();
                    foreach (ReadOnlyMemory<byte> part in reply.Parts)
                    {
                        await stream.WriteAsync(part, _ending.Token);
                        await stream.FlushAsync(_ending.Token);
                    }

                    switch (reply.End)
                    {
                        case ReplyEnd.Hang:
                            await UntilClientLeavesAsync(stream);
                            return;
                        case ReplyEnd.Reset:
                            socket.LingerState = new LingerOption(true, 0);
                            return;
                        case ReplyEnd.Close:
                            return;
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The client closed the connection, or the test ended.
                return;
            }
        }
    }

    private async Task UntilClientLeavesAsync(NetworkStream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, _ending.Token);
        }
        finally
        {
            // The client closed or reset the connection.
            _left.Release();
        }
    }

    private async Task<ScriptedRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!EndsWithBlankLine(head))
        {
            if (await stream.ReadAsync(one, _ending.Token) == 0) return null;
            head.Add(one[0]);
            if (head[0] == TlsHandshake)
            {
                // The server does not support TLS and closes the connection. It reads the greeting first, because closing with unread bytes would reset the connection.
                byte[] rest = new byte[4];
                await stream.ReadExactlyAsync(rest, _ending.Token);
                await stream.ReadExactlyAsync(new byte[(rest[2] << 8) | rest[3]], _ending.Token);
                return null;
            }
        }

        string text = Encoding.Latin1.GetString([.. head]);
        string[] lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        // The port may be the one above another test's server, to which its clients connect over gRPC.
        if (lines[0].StartsWith(Http2Preface, StringComparison.Ordinal)) return null;

        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(part => part[0], part => part[1].Trim(), StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, _ending.Token);
        string[] first = lines[0].Split(' ');
        return new ScriptedRequest(first[0], first[1], headers, Encoding.Latin1.GetString(body));
    }

    private static bool EndsWithBlankLine(List<byte> bytes) =>
        bytes.Count >= 4 && bytes[^1] == '\n' && bytes[^2] == '\r' && bytes[^3] == '\n' && bytes[^4] == '\r';
}
