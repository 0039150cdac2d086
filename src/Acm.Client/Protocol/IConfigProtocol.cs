using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>
/// A dialect: describes its capabilities, validates names and content, and creates the operations that its servers support. It does no I/O and has no state. Unsupported operations
/// throw <see cref="AcmErrorKind.CapabilityMissing"/> (<see cref="ConfigErrors.Missing"/>).
/// </summary>
internal interface IConfigProtocol
{
    /// <summary>Gets the name, as in <see cref="AcmCapabilities.Protocol"/>.</summary>
    string Name { get; }

    /// <summary>Gets the defaults for parts that server addresses leave out.</summary>
    AddressDefaults Addresses { get; }

    /// <summary>Gets the capabilities that no server of this dialect has.</summary>
    Capability Missing { get; }

    /// <summary>Gets the metadata that servers store. Other metadata is lost.</summary>
    MetadataFields StoredMetadata { get; }

    /// <summary>Gets the metadata that is read back exactly as written, so that it can confirm a write.</summary>
    MetadataFields ProvingMetadata { get; }

    /// <summary>Gets the metadata in list items.</summary>
    MetadataFields ListedMetadata { get; }

    /// <summary>Gets whether list items contain the MD5 of the stored value, so that comparing needs no request per key.</summary>
    bool ListsMd5 { get; }

    /// <summary>Gets the maximum number of keys in one batch.</summary>
    int MaxBatchSize { get; }

    /// <summary>Gets the charset of <see cref="EncodeContent"/>.</summary>
    string ContentCharset { get; }

    /// <summary>Returns the namespace as it is sent. Throws <see cref="AcmErrorKind.InvalidKey"/>.</summary>
    string CheckNamespace(string @namespace);

    /// <summary>Throws <see cref="AcmErrorKind.InvalidKey"/> if a name is not valid.</summary>
    void CheckKey(ConfigKey key);

    /// <summary>Throws <see cref="AcmErrorKind.InvalidContent"/> if a server would not store the metadata.</summary>
    void CheckMetadata(ConfigKey key, ConfigMetadata metadata);

    /// <summary>Encodes content. Throws <see cref="AcmErrorKind.InvalidContent"/>.</summary>
    byte[] EncodeContent(string content);

    /// <summary>Requests the list of servers from an address server, each as <c>host[:port]</c>; never empty. Sent anonymously.</summary>
    ServerOperation<IReadOnlyList<string>> AddressList(string? unitName);

    /// <summary>Requests any response from a server. Sent anonymously.</summary>
    ServerOperation<bool> Hello();

    /// <summary>Returns the checks of a connection test for one server, ordered so that an earlier failure explains later ones.</summary>
    IReadOnlyList<ServerCheck> Checks(string @namespace);

    /// <summary>Reads the value that clients are served, in the cheapest way.</summary>
    ServerOperation<ServerRead> Get(string @namespace, ConfigKey key);

    /// <summary>Reads the stored value, to verify a write.</summary>
    ServerOperation<ServerRead> GetStored(string @namespace, ConfigKey key);

    /// <summary>Reads the value with all metadata that the user's permissions allow; only the value if the server supports no more.</summary>
    ServerOperation<ServerRead> GetDetailed(string @namespace, ConfigKey key);

    /// <summary>Reads several keys of one group: one item per key, in order; null for a key that must be read individually. Null altogether if this server does not support batches.</summary>
    ServerOperation<IReadOnlyList<ServerRead?>?> BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys);

    /// <summary>Finds the keys whose value differs on the server, without reading content.</summary>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="known">The keys with the MD5 of the known value in lower-case hexadecimal; null if none is known.</param>
    ServerOperation<IReadOnlyList<ConfigKey>> FindDifferences(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known);

    /// <summary>Gets the page size of lists. A server may return fewer items.</summary>
    int ListPageSize { get; }

    /// <summary>Reads one page of a list.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="filter">The filter, with at most one tag. Servers may return more items than match, never fewer.</param>
    /// <param name="pageNumber">The page, starting at 1.</param>
    /// <param name="pageSize">The page size.</param>
    ServerOperation<ConfigPage> List(string @namespace, ConfigFilter filter, int pageNumber, int pageSize);

    /// <summary>Publishes a configuration.</summary>
    ServerOperation<WriteOutcome> Publish(string @namespace, PublishRequest request);

    /// <summary>Removes a configuration.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="condition">The precondition.</param>
    ServerOperation<WriteOutcome> Remove(string @namespace, ConfigKey key, PublishCondition condition);
}
