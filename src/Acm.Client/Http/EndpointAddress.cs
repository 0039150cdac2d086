namespace Acm.Client.Http;

/// <summary>The parsed endpoint: an address server, or a list of servers.</summary>
internal sealed class EndpointAddress
{
    private EndpointAddress(ServerAddress? addressServer, IReadOnlyList<ServerAddress> direct, bool dataTls)
    {
        AddressServer = addressServer;
        Direct = direct;
        DataTls = dataTls;
    }

    /// <summary>Gets the address server; null if the servers are specified directly.</summary>
    public ServerAddress? AddressServer { get; }

    /// <summary>Gets the servers if they are specified directly; otherwise empty.</summary>
    public IReadOnlyList<ServerAddress> Direct { get; }

    /// <summary>Gets whether the servers from the address server use TLS.</summary>
    public bool DataTls { get; }

    /// <param name="options">The options with the endpoint.</param>
    /// <param name="defaults">The defaults for parts that addresses leave out.</param>
    /// <exception cref="ArgumentException">The endpoint is empty or not a valid address.</exception>
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

            // UseTls applies to the data servers; the address server uses TLS only if the endpoint says https.
            // Address servers listen on port 8080, whatever the port of the data servers is.
            ServerAddress address = ServerAddress.Parse(options.Endpoint, tls: false, defaults with { Port = AddressDefaults.None.Port });
            return new EndpointAddress(address, [], options.UseTls || address.Tls);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"The endpoint is not valid: {e.Message}", nameof(options), e);
        }
    }
}
