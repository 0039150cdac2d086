using System.Text;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The dialect of Nacos 1, 2 and 3 over HTTP. The link detects the API generation once per connection.</summary>
internal sealed class NacosProtocol(bool allowUnicodeName) : IConfigProtocol, ILongPollDialect, IConfigHistory, IListenerDirectory, INamespaceNames, INamespaceDirectory, IGrayReleases, IAbsenceWitness, IRefusalCheck
{
    /// <summary>The key for checks; it need not exist.</summary>
    private static readonly ConfigKey CheckedKey = new("acm.connection.test");

    private readonly NameRules _names = new(allowUnicodeName);

    /// <summary>Gets the defaults of Nacos server addresses. gRPC uses the port plus 1000.</summary>
    public static AddressDefaults AddressesOfNacos { get; } = new(8848, "/nacos", SecondPortOffset: 1000);

    public string Name => "Nacos";

    public AddressDefaults Addresses => AddressesOfNacos;

    public Capability Missing => Capability.BatchGet;

    public int MaxBatchSize => 1;

    public MetadataFields StoredMetadata => MetadataFields.All;

    /// <summary>Gets all metadata except the type: an unknown one, such as toml before 2.5, is stored as text.</summary>
    public MetadataFields ProvingMetadata => MetadataFields.All & ~MetadataFields.Type;

    /// <summary>Gets application name and type: lists contain no tags and descriptions.</summary>
    public MetadataFields ListedMetadata => MetadataFields.AppName | MetadataFields.Type;

    public bool ListsMd5 => true;

    public string ContentCharset => "utf-8";

    /// <summary>Normalizes the namespace. A text that is not a valid ID may be a name, which is resolved later.</summary>
    public string CheckNamespace(string @namespace) => NamespaceName.Normalize(@namespace);

    public bool IsNamespaceId(string text) => _names.IsNamespace(text);

    public ServerOperation<IReadOnlyList<KeyValuePair<string, string>>> NamespaceNames() => new NacosOperation<IReadOnlyList<KeyValuePair<string, string>>>(CallKind.List, "the namespaces", key: null, NacosNamespaces.ReadNamesAsync);

    public void CheckKey(ConfigKey key)
    {
        _names.Check(key);
        if (key.DataId.Length > NacosLimits.DataId)
        {
            throw new AcmException(AcmErrorKind.InvalidKey, $"The data ID has {key.DataId.Length} characters, but Nacos allows at most {NacosLimits.DataId}.") { Key = key };
        }
    }

    public void CheckMetadata(ConfigKey key, ConfigMetadata metadata) => NacosLimits.Check(key, metadata);

    public byte[] EncodeContent(string content)
    {
        BlankContent.Refuse(content);
        try
        {
            return StrictUtf8.GetBytes(content);
        }
        catch (EncoderFallbackException e)
        {
            throw new AcmException(AcmErrorKind.InvalidContent, $"The character at position {e.Index + 1} is half of a surrogate pair, which text cannot hold.", e);
        }
    }

    public ServerOperation<IReadOnlyList<string>> AddressList(string? unitName) => new NacosRequest<IReadOnlyList<string>>(NacosRequests.AddressList(unitName), ServerLines.Read);

    public ServerOperation<bool> Hello() => new NacosRequest<bool>(NacosDetection.State, static _ => true);

    public IReadOnlyList<ServerCheck> Checks(string @namespace) =>
    [
        new("Version", new NacosOperation<string>(CallKind.Address, "the version", key: null, static (_, server, _) => Task.FromResult($"Nacos {server.Version}")), "Check the host, port and context path (/nacos).", NeedsCredentials: false),
        new(
            "Login",
            new NacosOperation<string>(CallKind.List, "the list", key: null, async (link, server, token) =>
            {
                WireResponse response = await link.SendAsync(NacosRequests.List(server, @namespace, NacosSearch.All, 1, 1), token).ConfigureAwait(false);
                if (!server.HasV1 && response is { Status: 403, Proof: not null }) return "accepted (the user is not an administrator, and cannot list on this version)";

                NacosList.Read(response, server, @namespace, 1);
                return "accepted";
            }),
            "Check the user, the password, and the user's right to list this namespace.",
            NeedsCredentials: true),
        new(
            "Anonymous",
            new NacosOperation<string>(CallKind.Get, CheckedKey.ToString(), CheckedKey, (link, server, token) => NacosAnonymousCheck.RunAsync(link, server, @namespace, CheckedKey, token)),
            "Turn on authentication on the server.",
            NeedsCredentials: true,
            IsAdvisory: true),
        new(
            "Read",
            new NacosOperation<string>(CallKind.Get, CheckedKey.ToString(), CheckedKey, async (link, server, token) =>
                (await NacosGet.ServedAsync(link, server, @namespace, CheckedKey, token).ConfigureAwait(false)).Value is null ? "answered (the requested key does not exist, as expected)" : "answered"),
            "Check the namespace and the user's right to read in it.",
            NeedsCredentials: false),
    ];

    public ServerOperation<ServerRead> Get(string @namespace, ConfigKey key) =>
        new NacosOperation<ServerRead>(CallKind.Get, key.ToString(), key, (link, server, token) => NacosGet.ServedAsync(link, server, @namespace, key, token));

    public ServerOperation<ServerRead> GetStored(string @namespace, ConfigKey key) =>
        new NacosOperation<ServerRead>(CallKind.Get, key.ToString(), key, (link, server, token) => NacosGet.StoredAsync(link, server, @namespace, key, token));

    public ServerOperation<ServerRead> GetDetailed(string @namespace, ConfigKey key) =>
        new NacosOperation<ServerRead>(CallKind.Get, key.ToString(), key, (link, server, token) => NacosGet.DetailedAsync(link, server, @namespace, key, token));

    public ServerOperation<IReadOnlyList<ServerRead?>?> BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys) =>
        throw ConfigErrors.Missing(Name, "read several configurations in one request", "Read them one by one.");

    public ServerOperation<IReadOnlyList<ConfigKey>> FindDifferences(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known) =>
        new NacosOperation<IReadOnlyList<ConfigKey>>(CallKind.Probe, $"{known.Count} keys", key: null, (link, server, token) => NacosDifferences.FindAsync(link, server, @namespace, known, token))
        {
            Needed = NacosDifferences.LimitsFor(known.Count),
        };

    public IListenRequest NewListenRequest(string @namespace) => new NacosListenRequest(@namespace);

    /// <summary>Gets the largest page that servers send. The order of items is undefined, so fewer pages reduce the risk of missing one.</summary>
    public int ListPageSize => 500;

    public ServerOperation<ConfigPage> List(string @namespace, ConfigFilter filter, int pageNumber, int pageSize) =>
        new NacosOperation<ConfigPage>(CallKind.List, $"page {pageNumber} of the list", key: null, async (link, server, token) =>
        {
            var search = NacosSearch.Of(filter, server, @namespace);
            WireResponse response = await link.SendAsync(NacosRequests.List(server, @namespace, search, pageNumber, pageSize), token).ConfigureAwait(false);
            return NacosList.Read(response, server, @namespace, pageNumber, filter.WithContent);
        });

    public ServerOperation<WriteOutcome> Publish(string @namespace, PublishRequest request) =>
        new NacosOperation<WriteOutcome>(CallKind.Publish, request.Key.ToString(), request.Key, (link, server, token) => NacosPublish.RunAsync(link, server, @namespace, request, token));

    public ServerOperation<WriteOutcome> Remove(string @namespace, ConfigKey key, PublishCondition condition) =>
        new NacosOperation<WriteOutcome>(CallKind.Remove, key.ToString(), key, (link, server, token) => NacosPublish.RemoveAsync(link, server, @namespace, key, condition, token));

    public bool ReadsShowMetadata => true;

    public ServerOperation<HistoryPage> History(string @namespace, ConfigKey key, int pageNumber, int pageSize) =>
        new NacosOperation<HistoryPage>(CallKind.List, $"page {pageNumber} of the history of '{key}'", key, (link, server, token) => NacosHistory.PageAsync(link, server, @namespace, key, pageNumber, pageSize, token));

    public ServerOperation<ServerValue?> HistoryValue(string @namespace, ConfigKey key, long id) =>
        new NacosOperation<ServerValue?>(CallKind.Get, key.ToString(), key, (link, server, token) => NacosHistory.ValueAsync(link, server, @namespace, key, id, token));

    public ServerOperation<IReadOnlyList<ConfigListener>> Listeners(string @namespace, ConfigKey key) =>
        new NacosOperation<IReadOnlyList<ConfigListener>>(CallKind.List, $"the listeners of '{key}'", key, (link, server, token) => NacosListeners.OfKeyAsync(link, server, @namespace, key, token));

    public ServerOperation<IReadOnlyList<ConfigListener>> ListenersAt(string @namespace, string address) =>
        new NacosOperation<IReadOnlyList<ConfigListener>>(CallKind.List, $"what {address} listens to", key: null, (link, server, token) => NacosListeners.OfAddressAsync(link, server, @namespace, address, token));

    public ServerOperation<IReadOnlyList<ConfigNamespace>> Namespaces() =>
        new NacosOperation<IReadOnlyList<ConfigNamespace>>(CallKind.List, "the list of namespaces", key: null, static (link, server, token) => NacosNamespaces.ListAsync(link, server, token));

    public ServerOperation<ConfigNamespace?> Namespace(string @namespace) =>
        new NacosOperation<ConfigNamespace?>(CallKind.List, "the list of namespaces", key: null, (link, server, token) => NacosNamespaces.FindAsync(link, server, @namespace, token));

    public ServerOperation<bool> AddNamespace(ConfigNamespace added)
    {
        NacosNamespaces.Check(added);
        return new NacosOperation<bool>(CallKind.Publish, $"namespace {added.Namespace}", key: null, (link, server, token) => NacosNamespaces.AddAsync(link, server, added, token));
    }

    public ServerOperation<bool> SetNamespace(ConfigNamespace changed)
    {
        NacosNamespaces.Check(changed);
        return new NacosOperation<bool>(CallKind.Publish, $"namespace {changed.Namespace}", key: null, (link, server, token) => NacosNamespaces.SetAsync(link, server, changed, token));
    }

    public ServerOperation<bool> RemoveNamespace(string @namespace) =>
        new NacosOperation<bool>(CallKind.Remove, $"namespace {@namespace}", key: null, (link, server, token) => NacosNamespaces.RemoveAsync(link, server, @namespace, token));

    public ServerOperation<GrayValue?> GetGray(string @namespace, ConfigKey key, GrayTarget target) =>
        new NacosOperation<GrayValue?>(CallKind.Get, key.ToString(), key, (link, server, token) => NacosGray.ReadAsync(link, server, @namespace, key, target, token));

    public ServerOperation<string> PublishGray(string @namespace, PublishRequest request, GrayTarget target) =>
        new NacosOperation<string>(CallKind.Publish, request.Key.ToString(), request.Key, (link, server, token) => NacosGray.PublishAsync(link, server, @namespace, request, target, token));

    public ServerOperation<bool> RemoveGray(string @namespace, ConfigKey key, GrayTarget target) =>
        new NacosOperation<bool>(CallKind.Remove, key.ToString(), key, (link, server, token) => NacosGray.RemoveAsync(link, server, @namespace, key, target, token));

    public ServerOperation<AbsenceTestimony> CheckAbsence(string @namespace, IReadOnlyList<ConfigKey> keys) =>
        new NacosOperation<AbsenceTestimony>(CallKind.Probe, $"{keys.Count} keys", key: null, (link, server, token) => NacosAbsence.AskAsync(link, server, @namespace, keys, token));

    public ServerOperation<RefusedContent> CheckRefused(string @namespace, ConfigKey key, string md5, bool repairs) =>
        new NacosOperation<RefusedContent>(CallKind.Get, key.ToString(), key, (link, server, token) => NacosRefusal.CheckAsync(link, server, @namespace, key, md5, repairs, token));
}
