using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>
/// The dialect of servers that are ACM or Nacos. Its operations run in the detected dialect; its other members describe the assumed one until then, so whatever depends on them must
/// wait for <see cref="AcmConnection.FindDialectAsync(AcmCallOptions?, CancellationToken)"/>.
/// </summary>
internal sealed class AutoProtocol(AutoDialect auto) : IConfigProtocol, IListenerDirectory, ILongPollDialect
{
    /// <summary>The name while the dialect is unknown.</summary>
    private const string Unknown = "Auto";

    public string Name => auto.Known is null ? Unknown : Assumed.Name;

    // Without a server type, addresses follow the rules of Nacos.
    public AddressDefaults Addresses => Assumed.Addresses;

    public Capability Missing => auto.Found is { } found ? found.Protocol.Missing : Capability.None;

    public MetadataFields StoredMetadata => Assumed.StoredMetadata;

    public MetadataFields ProvingMetadata => Assumed.ProvingMetadata;

    public MetadataFields ListedMetadata => Assumed.ListedMetadata;

    public bool ListsMd5 => auto.Found?.Protocol.ListsMd5 == true;

    public int ListPageSize => Assumed.ListPageSize;

    public int MaxBatchSize => Assumed.MaxBatchSize;

    public string ContentCharset => Assumed.ContentCharset;

    private IConfigProtocol Assumed => auto.Assumed.Protocol;

    public string CheckNamespace(string @namespace) => Assumed.CheckNamespace(@namespace);

    public void CheckKey(ConfigKey key) => Assumed.CheckKey(key);

    // Only the detected dialect can reject metadata.
    public void CheckMetadata(ConfigKey key, ConfigMetadata metadata) => auto.Found?.Protocol.CheckMetadata(key, metadata);

    public byte[] EncodeContent(string content) => Assumed.EncodeContent(content);

    public ServerOperation<IReadOnlyList<string>> AddressList(string? unitName) => Assumed.AddressList(unitName);

    public ServerOperation<bool> Hello() => New(CallKind.Address, "the state of the server", key: null, static protocol => protocol.Hello());

    public IReadOnlyList<ServerCheck> Checks(string @namespace) => Assumed.Checks(@namespace);

    public ServerOperation<ServerRead> Get(string @namespace, ConfigKey key) => New(CallKind.Get, key.ToString(), key, protocol => protocol.Get(@namespace, key));

    public ServerOperation<ServerRead> GetStored(string @namespace, ConfigKey key) => New(CallKind.Get, key.ToString(), key, protocol => protocol.GetStored(@namespace, key));

    public ServerOperation<ServerRead> GetDetailed(string @namespace, ConfigKey key) => New(CallKind.Get, key.ToString(), key, protocol => protocol.GetDetailed(@namespace, key));

    public ServerOperation<IReadOnlyList<ServerRead?>?> BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys) =>
        New(CallKind.BatchGet, $"{keys.Count} of group {group}", key: null, protocol => (protocol.Missing & Capability.BatchGet) != 0 ? new NoBatch() : protocol.BatchGet(@namespace, group, keys));

    public ServerOperation<IReadOnlyList<ConfigKey>> FindDifferences(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known) =>
        New(CallKind.Probe, $"{known.Count} keys", key: null, protocol => protocol.FindDifferences(@namespace, known));

    public IListenRequest NewListenRequest(string @namespace) => new AutoListenRequest(this, Assumed, @namespace);

    public ServerOperation<ConfigPage> List(string @namespace, ConfigFilter filter, int pageNumber, int pageSize) =>
        New(CallKind.List, $"page {pageNumber} of the list", key: null, protocol => protocol.List(@namespace, filter, pageNumber, pageSize));

    public ServerOperation<WriteOutcome> Publish(string @namespace, PublishRequest request) => New(CallKind.Publish, request.Key.ToString(), request.Key, protocol => protocol.Publish(@namespace, request));

    public ServerOperation<WriteOutcome> Remove(string @namespace, ConfigKey key, PublishCondition condition) => New(CallKind.Remove, key.ToString(), key, protocol => protocol.Remove(@namespace, key, condition));

    public ServerOperation<IReadOnlyList<ConfigListener>> Listeners(string @namespace, ConfigKey key) => New(CallKind.Get, $"the listeners of {key}", key, protocol =>
        protocol is IListenerDirectory directory ? directory.Listeners(@namespace, key) : throw ConfigErrors.Missing(protocol.Name, "report listeners", "Use a server that does."));

    public ServerOperation<IReadOnlyList<ConfigListener>> ListenersAt(string @namespace, string address) => New(CallKind.Get, $"what {address} listens to", key: null, protocol =>
        protocol is IListenerDirectory directory ? directory.ListenersAt(@namespace, address) : throw ConfigErrors.Missing(protocol.Name, "report listeners", "Use a server that does."));

    /// <summary>A listen request in one dialect, which fails once the servers use the other one.</summary>
    private sealed class AutoListenRequest(AutoProtocol auto, IConfigProtocol dialect, string @namespace) : IListenRequest
    {
        private readonly IListenRequest _request = ((ILongPollDialect)dialect).NewListenRequest(@namespace);

        public int Count => _request.Count;

        public int Add(ConfigKey key, string? md5) => _request.Add(key, md5);

        public void SetMd5(int place, string? md5) => _request.SetMd5(place, md5);

        public void Remove(int place) => _request.Remove(place);

        public ServerOperation<IReadOnlyList<ConfigKey>> Listen(TimeSpan? hold) => auto.New(CallKind.Probe, $"{Count} keys", key: null, protocol =>
            protocol == dialect ? _request.Listen(hold) : throw ConfigErrors.Missing(protocol.Name, "read a poll of another dialect", "The keys are checked again."));
    }

    private AutoOperation<T> New<T>(CallKind kind, string subject, ConfigKey? key, Func<IConfigProtocol, ServerOperation<T>> make) => new(auto, kind, subject, key, make);

    /// <summary>The result for servers without batches.</summary>
    private sealed class NoBatch() : ServerOperation<IReadOnlyList<ServerRead?>?>(CallKind.BatchGet, "several", key: null)
    {
        public override Task<IReadOnlyList<ServerRead?>?> RunAsync(IServerLink link, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ServerRead?>?>(null);
    }
}
