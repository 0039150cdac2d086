namespace Acm.Client.Http;

/// <summary>What an endpoint option means: an address server, or the servers themselves.</summary>
internal sealed class EndpointAddress
{
    private EndpointAddress(ServerAddress? addressServer, IReadOnlyList<ServerAddress> direct, bool dataTls)
    {
        AddressServer = addressServer;
        Direct = direct;
        DataTls = dataTls;
    }

    /// <summary>The address server; null where the servers were given directly.</summary>
    public ServerAddress? AddressServer { get; }

    /// <summary>The servers that were given directly; none where the address server is asked.</summary>
    public IReadOnlyList<ServerAddress> Direct { get; }

    /// <summary>Whether TLS is spoken to the servers that the address server lists.</summary>
    public bool DataTls { get; }

    /// <param name="options">The endpoint, and what it is.</param>
    /// <param name="defaults">What addresses of the servers stand for where they do not say.</param>
    /// <exception cref="ArgumentException">The endpoint is empty or not an address.</exception>
    public static EndpointAddress From(AcmClientOptions options, AddressDefaults defaults)
    {
        try
        {
            if (options.Direct)
            {
                IReadOnlyList<ServerAddress> servers = ServerAddress.ParseList(options.Endpoint, options.UseTls, defaults);
                if (servers.Count == 0) throw new ArgumentException("The endpoint is empty: specify at least one server.", nameof(options));
                return new EndpointAddress(null, servers, options.UseTls);
            }

            if (string.IsNullOrWhiteSpace(options.Endpoint)) throw new ArgumentException("The endpoint is empty: specify the address server.", nameof(options));

            // UseTls alone is for the data servers: only an https endpoint says that the address server speaks TLS too.
            // An address server listens at 8080, whatever the port of its servers is.
            ServerAddress address = ServerAddress.Parse(options.Endpoint, tls: false, defaults with { Port = AddressDefaults.None.Port });
            return new EndpointAddress(address, [], options.UseTls || address.Tls);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"The endpoint is not valid: {e.Message}", nameof(options), e);
        }
    }
}
