namespace Acm.Client;

/// <summary>
/// Reads and writes configuration in one namespace. Thread-safe; one instance, with its pooled connections, serves a whole session.
/// Constructing it sends nothing.
/// </summary>
public sealed class AcmClient : IDisposable
{
    /// <summary>Creates a client. Nothing is sent before the first call.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="clock">Source of time; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public AcmClient(AcmClientOptions options, TimeProvider? clock = null)
    {
        Options = options;
        Namespace = options.Namespace;
    }

    /// <summary>How this client connects.</summary>
    public AcmClientOptions Options { get; }

    /// <summary>The namespace that every call of this instance reads and writes; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>What the connected servers can do, as far as is known by now.</summary>
    public AcmCapabilities Capabilities => throw new NotImplementedException();

    /// <summary>The servers known by now as <c>host:port</c>, the one in use first; empty before the address server was asked.</summary>
    public IReadOnlyList<string> KnownServers => throw new NotImplementedException();

    /// <summary>The same connection seen from another namespace. Shares everything, costs nothing, need not be disposed.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: not a namespace id.</exception>
    public AcmClient ForNamespace(string @namespace) => throw new NotImplementedException();

    /// <summary>Reads one configuration: from the failover folder, else from a server, else, where no server can be reached, from its snapshot.</summary>
    /// <exception cref="AcmException">Any kind that a read can have; <see cref="AcmErrorKind.ConfigNotFound"/> where there is none.</exception>
    public Task<AcmConfig> GetAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Reads several configurations, in batches where the servers have batch get, else one by one with up to <paramref name="parallelism"/> in flight.
    /// One that fails does not stop the others. The results are in the order of <paramref name="keys"/>.
    /// </summary>
    public Task<IReadOnlyList<ConfigResult>> GetManyAsync(IReadOnlyList<ConfigKey> keys, int parallelism = 16, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Reads one page of the namespace's list.</summary>
    /// <param name="pageNumber">From 1.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ConfigPage> ListPageAsync(int pageNumber, int pageSize, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>
    /// Lists the whole namespace, each configuration once, as the pages come. Paging is not a snapshot of the namespace: where its size changed meanwhile,
    /// the pages are read again and what was missed is added at the end.
    /// </summary>
    public IAsyncEnumerable<ConfigItem> ListAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Creates or replaces a configuration. A write whose answer was lost is read back before it is tried again.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/> names a character that the protocol's charset lacks; <see cref="AcmErrorKind.Conflict"/> and <see cref="AcmErrorKind.ConfigExists"/> are failed conditions.</exception>
    public Task<PublishResult> PublishAsync(ConfigKey key, string content, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes a configuration. That there was none is not an error: the protocol does not tell.</summary>
    public Task RemoveAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Tests the connection step by step; each row says what to do where it failed. Writes nothing to a server.</summary>
    public IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Ends all calls and closes the connections. Views made by <see cref="ForNamespace"/> end with it.</summary>
    public void Dispose()
    {
    }
}
