using System.Net;
using System.Net.Sockets;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Options;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Acm.Server.Hosting;

/// <summary>
/// The listening sockets: HTTP, and gRPC on the HTTP port plus 1000, where Nacos clients expect it. Both ports of a pair are bound together, so that no other
/// process can take the second one.
/// </summary>
internal sealed class ListenSockets : IDisposable
{
    private const int GrpcOffset = 1000;

    /// <summary>The maximum number of free HTTP ports to try until the gRPC port is free as well.</summary>
    private const int Tries = 100;

    private readonly List<ListenAddress> _http = [];
    private readonly List<ListenAddress> _grpc = [];
    private readonly Dictionary<IPEndPoint, Socket> _bound = [];

    private ListenSockets()
    {
    }

    /// <summary>Gets the HTTP addresses.</summary>
    public IReadOnlyList<ListenAddress> Http => _http;

    /// <summary>Gets the gRPC addresses; empty if gRPC is disabled.</summary>
    public IReadOnlyList<ListenAddress> Grpc => _grpc;

    /// <summary>Binds the gRPC ports, and the HTTP ports that depend on them.</summary>
    /// <param name="options">The server's options.</param>
    /// <param name="log">Receives a warning if the default gRPC port is in use.</param>
    /// <exception cref="IOException">The port of <c>--grpc-port</c> is in use.</exception>
    public static ListenSockets Bind(ServerOptions options, ILogger log)
    {
        var sockets = new ListenSockets();
        bool hasGrpc = options.NacosGeneration >= Generation.Two && !options.NoGrpc;
        try
        {
            foreach (ListenAddress address in options.Addresses)
            {
                if (!hasGrpc) sockets._http.Add(address);
                else if (options.GrpcPort is { } port) sockets.BindGrpc(address, port);
                else if (address.Port == 0) sockets.BindPair(address);
                else sockets.BindNext(address, options.Addresses, log);
            }
        }
        catch
        {
            sockets.Dispose();
            throw;
        }

        return sockets;
    }

    /// <summary>Returns whether an address of the running server is a gRPC address.</summary>
    public bool IsGrpc(string address) => ListenAddress.Parse(address) is var told && _grpc.Exists(listen => Overlap(listen, told));

    /// <summary>Returns the socket for an address: the bound one, or a new one.</summary>
    public Socket Take(EndPoint endPoint) =>
        endPoint is IPEndPoint ip && _bound.Remove(ip, out Socket? socket) ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);

    /// <summary>Closes the sockets that were not taken.</summary>
    public void Dispose()
    {
        foreach (Socket socket in _bound.Values) socket.Dispose();
        _bound.Clear();
    }

    private void BindGrpc(ListenAddress address, int port)
    {
        _http.Add(address);
        if (_grpc.Exists(other => Equals(other.Address, address.Address))) return;

        try
        {
            AddGrpc(address, BindSocket(address, port));
        }
        catch (SocketException e)
        {
            throw new IOException($"The gRPC port {port} cannot be used: {e.Message}", e);
        }
    }

    private void BindNext(ListenAddress address, IEnumerable<ListenAddress> http, ILogger log)
    {
        _http.Add(address);
        int port = address.Port + GrpcOffset;
        try
        {
            if (port > IPEndPoint.MaxPort) throw new SocketException((int)SocketError.AddressNotAvailable);
            if (http.Any(other => Overlap(other, address with { Port = port }))) throw new SocketException((int)SocketError.AddressAlreadyInUse);

            AddGrpc(address, BindSocket(address, port));
        }
        catch (SocketException e)
        {
            log.LogWarning("gRPC is disabled: port {Port} cannot be used ({Reason}). Specify another port with --grpc-port.", port, e.Message);
        }
    }

    private void BindPair(ListenAddress address)
    {
        for (int tries = 1; ; tries++)
        {
            Socket http = BindSocket(address, 0);
            int port = PortOf(http);
            try
            {
                if (port + GrpcOffset > IPEndPoint.MaxPort) throw new SocketException((int)SocketError.AddressNotAvailable);

                AddGrpc(address, BindSocket(address, port + GrpcOffset));
            }
            catch (SocketException) when (tries < Tries)
            {
                http.Dispose();
                continue;
            }

            _bound[EndPoint(address, port)] = http;
            _http.Add(address with { Port = port });
            return;
        }
    }

    private void AddGrpc(ListenAddress address, Socket socket)
    {
        int port = PortOf(socket);
        _bound[EndPoint(address, port)] = socket;
        _grpc.Add(address with { Port = port });
    }

    private static Socket BindSocket(ListenAddress address, int port)
    {
        if (address.Address is { } one) return SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(one, port));

        return SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
    }

    /// <summary>Returns the end point that Kestrel requests: without an address it is IPv6, even on systems that only have IPv4.</summary>
    private static IPEndPoint EndPoint(ListenAddress address, int port) => new(address.Address ?? IPAddress.IPv6Any, port);

    private static bool Overlap(ListenAddress one, ListenAddress other) =>
        one.Port == other.Port && (IsAny(one.Address) || IsAny(other.Address) || Equals(one.Address, other.Address));

    private static bool IsAny(IPAddress? address) => address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
