using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Diamond;

/// <summary>The dialect of Alibaba Cloud ACM: the diamond-server HTTP protocol.</summary>
internal sealed class DiamondProtocol : IConfigProtocol, IListenerDirectory, ILongPollDialect, IConfigHistory
{
    /// <summary>The client version, which must be at least 2.0.4: for older clients, old servers return the result of a short poll in headers (suzuizui/diamond f9a4891).</summary>
    private const string ClientVersion = "3.1.0";

    /// <summary>The key for checks; it need not exist.</summary>
    private static readonly ConfigKey CheckedKey = new("acm.connection.test");

    private readonly NameRules _names;
    private readonly bool _allowEuroSign;

    public DiamondProtocol(bool allowUnicodeName, bool allowEuroSign)
    {
        _names = new NameRules(allowUnicodeName);
        _allowEuroSign = allowEuroSign;
    }

    /// <summary>Gets the defaults of ACM server addresses.</summary>
    public static AddressDefaults AddressesOfAcm { get; } = new(8080, "/diamond-server", SecondPortOffset: null);

    public string Name => "ACM";

    public AddressDefaults Addresses => AddressesOfAcm;

    public Capability Missing => Capability.None;

    public MetadataFields StoredMetadata => MetadataFields.AppName;

    public MetadataFields ProvingMetadata => MetadataFields.AppName;

    public MetadataFields ListedMetadata => MetadataFields.AppName;

    public bool ListsMd5 => false;

    public int MaxBatchSize => 100;

    public string ContentCharset => "gbk";

    /// <summary>Creates the links of this dialect.</summary>
    /// <param name="http">Sends the requests.</param>
    /// <param name="appName">The application name.</param>
    /// <param name="credentials">The credentials; null for anonymous access.</param>
    /// <param name="clock">Source of time.</param>
    public static IServerLinks Links(HttpExchange http, string appName, AcmCredentialSource? credentials, TimeProvider clock) => new HttpLinks(
        http,
        [new("Diamond-Client-AppName", appName), new("Client-Version", ClientVersion), new("exConfigInfo", "true")],
        static name => name.StartsWith("Spas-", StringComparison.OrdinalIgnoreCase) || name.Equals("Encrypted-Data-Key", StringComparison.OrdinalIgnoreCase),
        credentials is null ? null : new SpasAuthenticator(credentials, clock),
        clock);

    public string CheckNamespace(string @namespace) => _names.CheckNamespace(@namespace);

    public void CheckKey(ConfigKey key) => _names.Check(key);

    public void CheckMetadata(ConfigKey key, ConfigMetadata metadata)
    {
        // The servers validate the application name, the only metadata that they store.
    }

    public byte[] EncodeContent(string content)
    {
        BlankContent.Refuse(content);
        return GbkContent.Encode(content, _allowEuroSign);
    }

    public ServerOperation<IReadOnlyList<string>> AddressList(string? unitName) => new HttpOperation<IReadOnlyList<string>>(DiamondRequests.AddressList(unitName), ServerLines.Read);

    public ServerOperation<bool> Hello() => new HttpOperation<bool>(DiamondRequests.AddressList(unitName: null), static _ => true);

    public IReadOnlyList<ServerCheck> Checks(string @namespace) =>
    [
        new("Signature", new DiamondSignatureCheck(@namespace, CheckedKey), "Check the access key ID, the secret key and the right to list this namespace.", NeedsCredentials: true),
        new(
            "Read",
            new HttpOperation<string>(DiamondRequests.Get(@namespace, CheckedKey), response => ReadChecked(response, @namespace)),
            "Check the namespace and the access key's right to read in it.",
            NeedsCredentials: false),
    ];

    private static string ReadChecked(WireResponse response, string @namespace)
    {
        if (response.Proof is not null && DiamondSignatureCheck.IsDenied(response))
            throw new AcmException(AcmErrorKind.AccessDenied, $"denied by {response.Server}") { Advice = "Grant the access key the right to read in this namespace. If the check Signature failed, fix that first." };

        return new DiamondGet(@namespace, CheckedKey).Read(response).Value is null ? "answered (the requested key does not exist, as expected)" : "answered";
    }

    public ServerOperation<ServerRead> Get(string @namespace, ConfigKey key) =>
        new HttpOperation<ServerRead>(DiamondRequests.Get(@namespace, key), new DiamondGet(@namespace, key).Read);

    // The protocol has a single read request.
    public ServerOperation<ServerRead> GetStored(string @namespace, ConfigKey key) => Get(@namespace, key);

    public ServerOperation<ServerRead> GetDetailed(string @namespace, ConfigKey key) => Get(@namespace, key);

    public ServerOperation<IReadOnlyList<ServerRead?>?> BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys) =>
        new HttpOperation<IReadOnlyList<ServerRead?>?>(DiamondRequests.BatchGet(@namespace, group, keys), response => DiamondBatch.Read(response, keys));

    public ServerOperation<IReadOnlyList<ConfigKey>> FindDifferences(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known)
    {
        var request = new DiamondListenRequest(@namespace);
        foreach (KeyValuePair<ConfigKey, string?> pair in known) request.Add(pair.Key, pair.Value);
        return request.Ask(hold: null, "Comparing");
    }

    public IListenRequest NewListenRequest(string @namespace) => new DiamondListenRequest(@namespace);

    public ServerOperation<IReadOnlyList<ConfigListener>> Listeners(string @namespace, ConfigKey key) =>
        new HttpOperation<IReadOnlyList<ConfigListener>>(DiamondRequests.Listeners(@namespace, key), response => DiamondListeners.Read(response, @namespace, key));

    public ServerOperation<IReadOnlyList<ConfigListener>> ListenersAt(string @namespace, string address) =>
        throw ConfigErrors.Missing(Name, "report what an address listens to", "List the listeners of a configuration.");

    /// <summary>Gets false: reads do not return the application name.</summary>
    public bool ReadsShowMetadata => false;

    public ServerOperation<HistoryPage> History(string @namespace, ConfigKey key, int pageNumber, int pageSize) =>
        new HttpOperation<HistoryPage>(DiamondRequests.History(@namespace, key, pageNumber, pageSize), response => DiamondHistory.Page(response, @namespace, key));

    public ServerOperation<ServerValue?> HistoryValue(string @namespace, ConfigKey key, long id) =>
        new HttpOperation<ServerValue?>(DiamondRequests.HistoryItem(@namespace, key, id), response => DiamondHistory.Value(response, @namespace, key));

    /// <summary>Gets the page size that all known clients use.</summary>
    public int ListPageSize => 200;

    public ServerOperation<ConfigPage> List(string @namespace, ConfigFilter filter, int pageNumber, int pageSize) =>
        new HttpOperation<ConfigPage>(DiamondRequests.List(@namespace, pageNumber, pageSize), response => DiamondList.Read(response, @namespace, pageNumber));

    public ServerOperation<WriteOutcome> Publish(string @namespace, PublishRequest request) =>
        new HttpOperation<WriteOutcome>(
            DiamondRequests.Publish(@namespace, request),
            response => DiamondWrite.Read(response, @namespace, request.Key, request.Condition, "Publishing", request.Content.Length));

    public ServerOperation<WriteOutcome> Remove(string @namespace, ConfigKey key, PublishCondition condition) =>
        new HttpOperation<WriteOutcome>(DiamondRequests.Remove(@namespace, key, condition), response => DiamondWrite.Read(response, @namespace, key, condition, "Removing"));
}
