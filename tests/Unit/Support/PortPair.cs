using System.Net;
using System.Net.Sockets;

namespace Acm.Tests.Support;

/// <summary>
/// A port for a server and the port 1000 above it, where clients of Nacos look for gRPC. On Linux both are reserved until disposal: a server may listen on them, also in another process and after a restart, but the
/// system gives them to no other socket, and refuses connections while no server listens. Elsewhere, both were free a moment ago.
/// </summary>
internal sealed class PortPair : IDisposable
{
    private const int GrpcOffset = 1000;
    private const int Tries = 100;

    private readonly Socket _http;
    private readonly Socket _grpc;

    private PortPair(Socket http, Socket grpc)
    {
        _http = http;
        _grpc = grpc;
        Port = PortOf(http);

        // Linux lets a second socket use the address of one that does not listen; .NET sets SO_REUSEADDR on every TCP socket that it binds. Other systems do not.
        if (!OperatingSystem.IsLinux()) Dispose();
    }

    /// <summary>Gets the lower port.</summary>
    public int Port { get; }

    /// <summary>Gets the upper port.</summary>
    public int GrpcPort => Port + GrpcOffset;

    /// <summary>Gets the port for a server that may listen on any: 0, for a free one, where the pair is not reserved.</summary>
    public int ListenPort => OperatingSystem.IsLinux() ? Port : 0;

    public static PortPair Take()
    {
        for (int tries = 1; ; tries++)
        {
            Socket http = Bind(0);
            try
            {
                return new PortPair(http, Bind(PortOf(http) + GrpcOffset));
            }
            catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException && tries < Tries)
            {
                // The upper port is in use, or above the highest one.
                http.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _grpc.Dispose();
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
