using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>
/// A dialect: says what it can, which names and content it takes, and makes the operations that its servers understand. It does no I/O and keeps no state. What it can't do
/// throws <see cref="AcmErrorKind.CapabilityMissing"/> (<see cref="ConfigErrors.Missing"/>).
/// </summary>
internal interface IConfigProtocol
{
    /// <summary>The dialect's name, as <see cref="AcmCapabilities.Protocol"/> tells it.</summary>
    string Name { get; }

    /// <summary>What addresses of its servers stand for where they do not say.</summary>
    AddressDefaults Addresses { get; }

    /// <summary>What no server of this dialect has.</summary>
    Capability Missing { get; }

    /// <summary>Which metadata its servers store. What is published of all other is lost.</summary>
    MetadataFields StoredMetadata { get; }

    /// <summary>Which metadata is read back as it was written, so that it proves a write.</summary>
    MetadataFields ProvingMetadata { get; }

    /// <summary>Which metadata the items of a list have.</summary>
    MetadataFields ListedMetadata { get; }

    /// <summary>Whether the items of a list tell the MD5 of what is stored, so that comparing needs no request a key.</summary>
    bool ListsMd5 { get; }

    /// <summary>The most keys that one batch get asks for.</summary>
    int MaxBatchSize { get; }

    /// <summary>Charset of the bytes of <see cref="EncodeContent"/>, as a web name.</summary>
    string ContentCharset { get; }

    /// <summary>The namespace as the wire has it. Throws <see cref="AcmErrorKind.InvalidKey"/>.</summary>
    string CheckNamespace(string @namespace);

    /// <summary>Throws <see cref="AcmErrorKind.InvalidKey"/> where the names break the dialect's rules.</summary>
    void CheckKey(ConfigKey key);

    /// <summary>Throws <see cref="AcmErrorKind.InvalidContent"/> where a server would not store what is published beside the content.</summary>
    void CheckMetadata(ConfigKey key, ConfigMetadata metadata);

    /// <summary>The bytes that content travels as. Throws <see cref="AcmErrorKind.InvalidContent"/>.</summary>
    byte[] EncodeContent(string content);

    /// <summary>The servers that an address server lists, each as <c>host[:port]</c>; never none. Asked anonymously.</summary>
    ServerOperation<IReadOnlyList<string>> AddressList(string? unitName);

    /// <summary>Asks a server for any answer at all. Asked anonymously.</summary>
    ServerOperation<bool> Hello();

    /// <summary>What shows whether one server can be worked with, in the order in which one thing explains the next.</summary>
    IReadOnlyList<ServerCheck> Checks(string @namespace);

    /// <summary>Reads one key, as cheaply as a server lets any client read it.</summary>
    ServerOperation<ServerRead> Get(string @namespace, ConfigKey key);

    /// <summary>Reads what is stored of one key, by which a write is settled.</summary>
    ServerOperation<ServerRead> GetStored(string @namespace, ConfigKey key);

    /// <summary>Reads one key with as much of what is stored beside it as the user may see, and the value alone where a server can't tell more.</summary>
    ServerOperation<ServerRead> GetDetailed(string @namespace, ConfigKey key);

    /// <summary>Reads several keys of one group: one item a key, in their order; null for one that has to be asked for singly. Null in all where this server has no batch get.</summary>
    ServerOperation<IReadOnlyList<ServerRead?>?> BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys);

    /// <summary>Asks which keys a server holds another value of, without reading any.</summary>
    /// <param name="namespace">The namespace of all the keys.</param>
    /// <param name="known">Keys, and of each the MD5 of the value that is known, in lower-case hex; null where none is.</param>
    ServerOperation<IReadOnlyList<ConfigKey>> FindDifferences(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known);

    /// <summary>How many items a page of a list is asked for. A server may send fewer.</summary>
    int ListPageSize { get; }

    /// <summary>Reads one page of a namespace's list.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="filter">What is wanted. Servers may send more than that, never less; of the tags it has one at most.</param>
    /// <param name="pageNumber">From 1.</param>
    /// <param name="pageSize">Items a page.</param>
    ServerOperation<ConfigPage> List(string @namespace, ConfigFilter filter, int pageNumber, int pageSize);

    /// <summary>Stores a configuration.</summary>
    ServerOperation<WriteOutcome> Publish(string @namespace, PublishRequest request);

    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="condition">What has to hold for it to be removed.</param>
    ServerOperation<WriteOutcome> Remove(string @namespace, ConfigKey key, PublishCondition condition);
}
