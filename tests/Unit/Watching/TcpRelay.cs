using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Acm.Tests.Watching;

/// <summary>What is between a client and a port: passes bytes on, holds them back, cuts connections, or answers as a proxy that speaks HTTP/1 only.</summary>
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

    /// <param name="target">The port that it leads to, on this machine.</param>
    /// <param name="mode">What it does.</param>
    /// <param name="port">Where it listens; 0 for any free port.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public TcpRelay(int target, RelayMode mode = RelayMode.Pass, int port = 0)
    {
        _target = target;
        _mode = mode;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections came.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The port that connections from now on are led to.</summary>
    public int Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>What it does with connections that come from now on, and with bytes on those that are there.</summary>
    public RelayMode Mode
    {
        get => _mode;
        set => _mode = value;
    }

    /// <summary>Ends the connections that are there.</summary>
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
            // It was stopped.
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
                client.Dispose();
                return;
            }

            if (_mode == RelayMode.Silent) return;

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
            // One side is gone: so is the other.
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
                // The other half never comes, and no other bytes.
                await to.SendAsync(buffer.AsMemory(0, (count + 1) / 2), _ending.Token);
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, count), _ending.Token);
        }
    }
}

/// <summary>What a <see cref="TcpRelay"/> does.</summary>
internal enum RelayMode
{
    /// <summary>Passes bytes on.</summary>
    Pass,

    /// <summary>Takes connections and bytes, and does nothing with them: a firewall that drops, or a server that hangs.</summary>
    Silent,

    /// <summary>Answers as a proxy that speaks HTTP/1 only.</summary>
    Http1,

    /// <summary>Takes no connections: nobody is there.</summary>
    Refuse,

    /// <summary>Passes bytes on a while later.</summary>
    Delay,

    /// <summary>Passes half of what comes next on, and ends the connection.</summary>
    Halve,
}
