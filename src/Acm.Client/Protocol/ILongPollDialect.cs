namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may support long polling (<see cref="IConfigProtocol.Missing"/>).</summary>
internal interface ILongPollDialect
{
    /// <summary>Creates a request without keys.</summary>
    /// <param name="namespace">The namespace of the keys.</param>
    IListenRequest NewListenRequest(string @namespace);
}

/// <summary>A listen request with many keys and the MD5s of the client's values. It is reused for consecutive polls, so that each key is encoded once. Not thread-safe.</summary>
internal interface IListenRequest
{
    /// <summary>Gets the number of keys.</summary>
    int Count { get; }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="md5">32 hexadecimal digits; null if the client has no value.</param>
    /// <returns>The position of the key, which identifies it in other calls.</returns>
    int Add(ConfigKey key, string? md5);

    /// <summary>Sets the MD5 of the key at a position; null if the client no longer has a value.</summary>
    void SetMd5(int place, string? md5);

    /// <summary>Removes the key at a position, which may be reused for another key.</summary>
    void Remove(int place);

    /// <summary>Finds the keys whose value differs on the server. Malformed keys and those of other namespaces are ignored. The request must not be changed until the response has arrived.</summary>
    /// <param name="hold">How long the server may wait for a change if nothing differs; null for an immediate response.</param>
    ServerOperation<IReadOnlyList<ConfigKey>> Listen(TimeSpan? hold);
}
