using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Acm.Tests.Watching;

/// <summary>A relay between a client and a port that forwards or delays bytes, closes connections, or behaves like an HTTP/1 proxy.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private volatile RelayMode _mode;
    private volatile int _target;
    private int _connections;
    private int _left;

    /// <param name="target">The target port on this machine.</param>
    /// <param name="mode">The initial mode.</param>
    /// <param name="port">The listening port; 0 for any free port.</param>
    /// <exception cref="SocketException">The port is in use.</exception>
    public TcpRelay(int target, RelayMode mode = RelayMode.Pass, int port = 0)
    {
        _target = target;
        _mode = mode;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Gets the number of accepted connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Gets the number of connections that were accepted in the mode <see cref="RelayMode.Silent"/>, and closed by the client.</summary>
    public int Left => Volatile.Read(ref _left);

    /// <summary>Gets or sets the target port of new connections.</summary>
    public int Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>Gets or sets the mode for new connections, and for bytes on existing ones.</summary>
    public RelayMode Mode
    {
        get => _mode;
        set => _mode = value;
    }

    /// <summary>Closes the existing connections.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.WaitAsync(Deadline);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_ending.Token);
                Interlocked.Increment(ref _connections);
                Keep(client);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The relay was stopped.
            return;
        }
    }

    private void Keep(Socket socket)
    {
        lock (_sockets) _sockets.Add(socket);
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            if (_mode == RelayMode.Refuse)
            {
                client.Dispose();
                return;
            }

            if (_mode == RelayMode.Http1)
            {
                await client.ReceiveAsync(new byte[4096], _ending.Token);
                await client.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _ending.Token);

                // Closed with unread bytes, a connection is reset, and the answer may be lost with it.
                client.Shutdown(SocketShutdown.Send);
                while (await client.ReceiveAsync(new byte[4096], _ending.Token) > 0) continue;

                client.Dispose();
                return;
            }

            if (_mode == RelayMode.Silent)
            {
                while (await client.ReceiveAsync(new byte[4096], _ending.Token) > 0) continue;

                client.Dispose();
                Interlocked.Increment(ref _left);
                return;
            }

            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Keep(server);
            client.NoDelay = true;
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _ending.Token);
            await Task.WhenAny(PassAsync(client, server), PassAsync(server, client));
            client.Dispose();
            server.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // If one side closes the connection, the other one is closed too.
            client.Dispose();
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, _ending.Token) is var count and > 0)
        {
            if (_mode == RelayMode.Silent) continue;
            if (_mode == RelayMode.Delay) await Task.Delay(Delay, _ending.Token);
            if (_mode == RelayMode.Halve)
            {
                // The second half, and everything after it, is never sent.
                await to.SendAsync(buffer.AsMemory(0, (count + 1) / 2), _ending.Token);
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, count), _ending.Token);
        }
    }
}

/// <summary>The mode of a <see cref="TcpRelay"/>.</summary>
internal enum RelayMode
{
    /// <summary>Forwards bytes.</summary>
    Pass,

    /// <summary>Accepts connections and discards bytes, like a firewall or a hanging server.</summary>
    Silent,

    /// <summary>Responds like a proxy that only supports HTTP/1.</summary>
    Http1,

    /// <summary>Rejects connections.</summary>
    Refuse,

    /// <summary>Forwards bytes with a delay.</summary>
    Delay,

    /// <summary>Forwards half of the next bytes, and closes the connection.</summary>
    Halve,
}
