using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Acm.Tests.StandIns;

/// <summary>HTTP/1.1 on a port of 127.0.0.1, with TLS where it is given a certificate. Knows nothing of what it serves, nor of the product.</summary>
internal sealed class LoopbackHttp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly X509Certificate2? _certificate;
    private readonly Func<StandInRequest, CancellationToken, Task<StandInReply>> _answer;
    private readonly Task _accepting;

    public LoopbackHttp(X509Certificate2? certificate, Func<StandInRequest, CancellationToken, Task<StandInReply>> answer)
    {
        _certificate = certificate;
        _answer = answer;
        _listener.Start(backlog: 1024);
        _accepting = AcceptAsync();
    }

    /// <summary>As <c>127.0.0.1:port</c>.</summary>
    public string Address => "127.0.0.1:" + ((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _ending.Dispose();
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
            socket.NoDelay = true;
            try
            {
                await using Stream stream = await OpenAsync(new NetworkStream(socket, ownsSocket: false));
                var buffered = new BufferedStream(stream, 16 * 1024);
                while (await ReadAsync(buffered) is { } request)
                {
                    StandInReply reply = await _answer(request, _ending.Token);
                    if (reply.Drop) return;
                    if (reply.Hang) await Task.Delay(Timeout.Infinite, _ending.Token);

                    await stream.WriteAsync(reply.ToBytes(), _ending.Token);
                    await stream.FlushAsync(_ending.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or AuthenticationException)
            {
                // The client closed the connection or rejected the certificate, or the test ended.
                return;
            }
        }
    }

    private async Task<Stream> OpenAsync(NetworkStream network)
    {
        if (_certificate is null) return network;

        var tls = new SslStream(network);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _ending.Token);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private async Task<StandInRequest?> ReadAsync(BufferedStream stream)
    {
        if (await ReadLineAsync(stream) is not { Length: > 0 } first) return null;

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream) is { Length: > 0 } line)
        {
            string[] parts = line.Split(':', 2);
            headers[parts[0]] = parts[1].Trim();
        }

        byte[] body = new byte[headers.TryGetValue("Content-Length", out string? length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, _ending.Token);
        string[] words = first.Split(' ');
        string[] target = words[1].Split('?', 2);
        return new StandInRequest(words[0], target[0], target.Length > 1 ? target[1] : "", headers, Encoding.ASCII.GetString(body));
    }

    private async Task<string?> ReadLineAsync(BufferedStream stream)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (true)
        {
            if (await stream.ReadAsync(one, _ending.Token) == 0) return null;
            if (one[0] == '\n') return line.ToString();
            if (one[0] != '\r') line.Append((char)one[0]);
        }
    }
}
