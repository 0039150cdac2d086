using System.Runtime.CompilerServices;
using Acm.Client.Calls;
using Acm.Client.Encryption;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>
/// Reads, writes and watches the configurations of one namespace. Thread-safe; one instance with its connection pool serves a whole session.
/// </summary>
public sealed partial class AcmClient : IDisposable
{
    private const int MaxPageSize = 500;
    internal const int MaxParallelism = 1000;

    private readonly AcmConnection _connection;
    private readonly bool _isView;

    /// <summary>Creates a client. No request is sent before the first call.</summary>
    /// <param name="options">The connection options.</param>
    /// <param name="clock">Source of time; null for the system clock.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the namespace ID is not valid.</exception>
    public AcmClient(AcmClientOptions options, TimeProvider? clock = null)
        : this(options, clock, JitterSource.Next)
    {
    }

    internal AcmClient(AcmClientOptions options, TimeProvider? clock, Func<double> random, Dialect? dialect = null)
    {
        _connection = new AcmConnection(options ?? throw new ArgumentNullException(nameof(options)), clock ?? TimeProvider.System, random, dialect);
        Namespace = _connection.Protocol.CheckNamespace(options.Namespace);
    }

    private AcmClient(AcmConnection connection, string @namespace, bool? isListed = null)
    {
        _connection = connection;
        _isView = true;
        Namespace = @namespace;
        IsNamespaceListed = isListed;
    }

    /// <summary>Gets the connection options.</summary>
    public AcmClientOptions Options => _connection.Options;

    /// <summary>Gets the namespace ID of this client; empty for the default namespace.</summary>
    public string Namespace { get; }

    /// <summary>Gets whether the server lists <see cref="Namespace"/>, as <see cref="FindNamespaceAsync"/> found; null if unknown. The console does not show configurations of a namespace that is not listed.</summary>
    public bool? IsNamespaceListed { get; }

    /// <summary>Gets the capabilities of the connected servers, as far as they are known.</summary>
    public AcmCapabilities Capabilities => new()
    {
        Protocol = _connection.Protocol.Name,
        ServerVersion = _connection.Known?.Version,
        Generation = _connection.Known?.Generation,
        ConditionalPublish = _connection.Known?.ComparesMd5,
        Metadata = _connection.ServerType is null ? null : (_connection.Protocol.StoredMetadata & MetadataFields.Tags) != 0,
        BatchGet = _connection.Capabilities.Has(Capability.BatchGet),
        LongPoll = _connection.Capabilities.Has(Capability.LongPoll),
        MaxBatchSize = _connection.Protocol.MaxBatchSize,
    };

    /// <summary>Gets the server type, as specified or detected; null while unknown.</summary>
    public AcmServerType? ServerType => _connection.ServerType;

    /// <summary>Detects the server type, which determines the capabilities, unless it is specified or known.</summary>
    /// <exception cref="AcmException">No server is reachable, or its type cannot be determined.</exception>
    public Task FindServerTypeAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => _connection.FindDialectAsync(call, cancellationToken);

    /// <summary>Gets the watchers of this connection.</summary>
    internal Watching.WatchHub Watching => _connection.Watching;

    /// <summary>Gets the known servers as <c>host:port</c>, the one in use first; empty before the address server was asked.</summary>
    public IReadOnlyList<string> KnownServers => [.. _connection.Pool.Directory.Servers.Snapshot().Select(server => server.Text)];

    /// <summary>Gets the result of the last request to a server; null before the first.</summary>
    public ServerContact? LastContact => _connection.Pool.LastContact;

    /// <summary>Returns a view of the same connection for another namespace. It shares all resources and need not be disposed.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the namespace ID is not valid.</exception>
    public AcmClient ForNamespace(string @namespace)
    {
        string name = _connection.Protocol.CheckNamespace(@namespace);
        return name == Namespace ? this : new AcmClient(_connection, name);
    }

    /// <summary>
    /// Resolves <see cref="Namespace"/> if it is a namespace name (Nacos has IDs and names) and returns the client for its ID. Results are cached for a minute. If the server does not list namespaces, or
    /// none has this name, the text is used as an ID.
    /// </summary>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="isForWrite">True for a client that writes: an ID saved by an earlier connection is then not used while no server is reachable.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: several namespaces have this name; the message lists their IDs. Any kind of a read if no server can be asked.</exception>
    public async Task<AcmClient> FindNamespaceAsync(AcmCallOptions? call = null, bool isForWrite = false, CancellationToken cancellationToken = default)
    {
        if (Namespace.Length == 0 || (_connection.ServerType == AcmServerType.Acm && !_connection.IsDialectUnknown)) return this;

        try
        {
            await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (!isForWrite && e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout && _connection.Namespaces.Remembered(Namespace) is not null)
        {
            return ForNamespace(_connection.Namespaces.Remembered(Namespace)!);
        }

        if (_connection.Protocol is not INamespaceNames names) return this;

        FoundNamespace found = await _connection.Namespaces.FindAsync(names, Namespace, mayRemember: !isForWrite, call, cancellationToken).ConfigureAwait(false);
        string id = _connection.Protocol.CheckNamespace(found.Id);
        return id == Namespace && found.IsListed == IsNamespaceListed ? this : new AcmClient(_connection, id, found.IsListed);
    }

    /// <summary>Validates a key by the rules of the protocol, without a request.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the key is not valid; the message names the rule.</exception>
    public void CheckKey(ConfigKey key) => _connection.Protocol.CheckKey(key);

    /// <summary>Tests the connection step by step; each failed step has advice. Does not write to a server.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await foreach (ConnectionCheck check in new ConnectionTest(_connection, Namespace, call).RunAsync(cancellationToken).ConfigureAwait(false)) yield return check;
    }

    /// <summary>Tests encryption step by step: the KMS key, the credentials, and a round trip. Each failed step has advice. Calls KMS only, and stores nothing.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestEncryptionAsync(AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await foreach (ConnectionCheck check in new EncryptionTest(_connection.Cipher.Kms, Clock, call?.TryTimeout ?? CallLimits.Total(Options, Options.TryTimeout)).RunAsync(cancellationToken).ConfigureAwait(false)) yield return check;
    }

    /// <summary>Cancels all calls and closes the connections, also for views created by <see cref="ForNamespace"/>. Disposing a view does nothing.</summary>
    public void Dispose()
    {
        if (!_isView) _connection.Dispose();
    }

    /// <summary>Gets the source of time.</summary>
    internal TimeProvider Clock => _connection.Clock;

    /// <summary>Gets the dialect.</summary>
    internal IConfigProtocol Protocol => _connection.Protocol;

    /// <summary>Validates key and options, and detects the dialect.</summary>
    private Task PrepareAsync(ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        _connection.Protocol.CheckKey(key);
        OptionRules.Check(call);
        return _connection.FindDialectAsync(call, cancellationToken);
    }

    private CallLog Log(AcmCallOptions? call) => new(Options.Log, call?.Log);
}
