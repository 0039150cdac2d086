using System.Net;
using System.Net.Sockets;

namespace Acm.Tests.Support;

/// <summary>Takes connections and never answers.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _sockets = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public SilentServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>Done once somebody has connected.</summary>
    public Task Asked => _asked.Task.WaitAsync(ModuleShell.Deadline);

    /// <summary>Ends the connections too, unanswered. Twice is once.</summary>
    public void Dispose()
    {
        _listener.Stop();
        _accepting.Wait(ModuleShell.Deadline);
        foreach (Socket socket in _sockets) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _sockets.Add(await _listener.AcceptSocketAsync());
                _asked.TrySetResult();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
            _asked.TrySetCanceled();
        }
    }
}
