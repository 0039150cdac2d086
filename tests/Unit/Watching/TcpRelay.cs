using System.Net;
using System.Net.Sockets;
using System.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>What is between a client and a port: passes bytes on, holds them back, cuts connections, or answers as a proxy that speaks HTTP/1 only.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private readonly Task _accepting;
    private volatile RelayMode _mode;
    private int _connections;

    /// <param name="target">The port that it leads to, on this machine.</param>
    /// <param name="mode">What it does.</param>
    public TcpRelay(int target, RelayMode mode = RelayMode.Pass)
    {
        _target = target;
        _mode = mode;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections came.</summary>
    public int Connections => Volatile.Read(ref _connections);

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
        await _accepting.WaitAsync(Clients.Deadline);
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
}
