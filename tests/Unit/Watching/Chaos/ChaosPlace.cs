using System.Net.Sockets;

namespace Acm.Tests.Watching.Chaos;

/// <summary>An address where watchers look for a server: a port for HTTP, and one for gRPC that is 1000 higher. A server may stand behind it or not.</summary>
internal sealed class ChaosPlace : IAsyncDisposable
{
    private const int GrpcOffset = 1000;
    private const int Tries = 100;

    private ChaosPlace(TcpRelay http, TcpRelay grpc)
    {
        Http = http;
        Grpc = grpc;
    }

    public TcpRelay Http { get; }

    public TcpRelay Grpc { get; }

    public static async Task<ChaosPlace> OpenAsync()
    {
        for (int i = 0; ; i++)
        {
            var http = new TcpRelay(0, RelayMode.Refuse);
            try
            {
                return new ChaosPlace(http, new TcpRelay(0, RelayMode.Refuse, http.Port + GrpcOffset));
            }
            catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException && i < Tries)
            {
                // Taken by somebody else, or no port.
                await http.DisposeAsync();
            }
        }
    }

    /// <summary>Leads to a server from now on.</summary>
    public void Lead(int port)
    {
        Http.Target = port;
        Grpc.Target = port + GrpcOffset;
        Http.Mode = Grpc.Mode = RelayMode.Pass;
    }

    /// <summary>Leads nowhere from now on.</summary>
    public void Close()
    {
        Http.Mode = Grpc.Mode = RelayMode.Refuse;
        Http.Cut();
        Grpc.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await Http.DisposeAsync();
        await Grpc.DisposeAsync();
    }
}
