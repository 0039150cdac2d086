using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>
/// A dialect: builds requests, reads answers, says what it can. It does no I/O and keeps no state, so that every rule of the wire can be
/// tested with bytes alone. A reading method throws <see cref="AcmException"/> for every answer that is not a success.
/// </summary>
internal interface IConfigProtocol
{
    /// <summary>The dialect's name, as <see cref="AcmCapabilities.Protocol"/> tells it.</summary>
    string Name { get; }

    /// <summary>The most keys that one batch get asks for.</summary>
    int MaxBatchSize { get; }

    /// <summary>The namespace as the wire has it. Throws <see cref="AcmErrorKind.InvalidKey"/>.</summary>
    string CheckNamespace(string @namespace);

    /// <summary>Throws <see cref="AcmErrorKind.InvalidKey"/> where the names break the dialect's rules.</summary>
    void CheckKey(ConfigKey key);

    /// <summary>The path that the address server is asked, and its default port without and with TLS.</summary>
    WireRequest AddressList(string? unitName);

    /// <summary>The servers that an address server's answer lists, each as <c>host[:port]</c>; never none.</summary>
    IReadOnlyList<string> ReadAddressList(WireResponse response);

    /// <summary>Headers that every request carries.</summary>
    IEnumerable<KeyValuePair<string, string>> CommonHeaders(string appName);

    /// <summary>Headers that prove who sends a request, at this time.</summary>
    IEnumerable<KeyValuePair<string, string>> Sign(WireRequest request, AcmCredential credential, DateTimeOffset now);

    /// <summary>Whether a header's value must not be shown.</summary>
    bool IsSecretHeader(string name);

    WireRequest Get(string @namespace, ConfigKey key);

    /// <summary>The error of a key that the server does not have.</summary>
    AcmException NotFound(string @namespace, ConfigKey key);

    /// <summary>The error of a publish whose condition does not hold.</summary>
    AcmException ConditionFailed(PublishCondition condition, string @namespace, ConfigKey key, bool exists);

    ServerValue ReadGet(WireResponse response, string @namespace, ConfigKey key);

    WireRequest BatchGet(string @namespace, string group, IReadOnlyList<ConfigKey> keys);

    /// <summary>One item a key, in their order; null where this server has no batch get.</summary>
    IReadOnlyList<BatchItem>? ReadBatchGet(WireResponse response, IReadOnlyList<ConfigKey> keys);

    /// <summary>An empty list of keys and what is known of them, to be asked about as a whole.</summary>
    IProbeBody NewProbe(string @namespace);

    /// <summary>Asks which keys of a list a server holds another value of.</summary>
    /// <param name="namespace">The namespace of all the keys.</param>
    /// <param name="body">The list. The request sends its buffer as it is: it must not be changed until the answer is there.</param>
    /// <param name="hold">How long the server is to wait for a change where there is no difference; null to have it answer at once.</param>
    WireRequest Probe(string @namespace, IProbeBody body, TimeSpan? hold);

    /// <summary>The keys whose value differs; none where the answer tells of none. What is malformed or of another namespace is passed over.</summary>
    IReadOnlyList<ConfigKey> ReadProbe(WireResponse response, string @namespace);

    WireRequest List(string @namespace, int pageNumber, int pageSize);

    ConfigPage ReadList(WireResponse response, string @namespace, int pageNumber);

    /// <summary>The bytes that content travels as. Throws <see cref="AcmErrorKind.InvalidContent"/>.</summary>
    byte[] EncodeContent(string content);

    /// <summary>Charset of the bytes of <see cref="EncodeContent"/>, as a web name.</summary>
    string ContentCharset { get; }

    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="content">The bytes to store.</param>
    /// <param name="encryptedDataKey">What travels beside envelope-encrypted content; null for all other.</param>
    /// <param name="condition">What has to hold for it to be stored.</param>
    /// <param name="appName">Stored with it; empty to leave the one that is stored.</param>
    WireRequest Publish(string @namespace, ConfigKey key, byte[] content, string? encryptedDataKey, PublishCondition condition, string appName);

    void ReadPublish(WireResponse response, string @namespace, ConfigKey key, PublishCondition condition, int contentLength);

    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="condition">What has to hold for it to be removed.</param>
    WireRequest Remove(string @namespace, ConfigKey key, PublishCondition condition);

    void ReadRemove(WireResponse response, string @namespace, ConfigKey key, PublishCondition condition);
}
