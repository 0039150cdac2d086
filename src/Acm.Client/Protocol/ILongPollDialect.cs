namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers can hold a request until one of its keys changes. One that lacks it says so in <see cref="IConfigProtocol.Missing"/>.</summary>
internal interface ILongPollDialect
{
    /// <summary>Returns a request about no keys yet.</summary>
    /// <param name="namespace">The namespace of all its keys.</param>
    IListenRequest NewListenRequest(string @namespace);
}

/// <summary>A request about many keys, and of each the MD5 of the value that the client has. It is kept and changed between two polls, so that each key is encoded once. Not thread-safe.</summary>
internal interface IListenRequest
{
    /// <summary>How many keys it holds.</summary>
    int Count { get; }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="md5">32 hex digits, or null where the client has no value.</param>
    /// <returns>The place of the key, by which it is changed and removed.</returns>
    int Add(ConfigKey key, string? md5);

    /// <summary>Sets the MD5 of the key at a place; null where the client has no value any more.</summary>
    void SetMd5(int place, string? md5);

    /// <summary>Removes the key at a place. The place may be given to a later key.</summary>
    void Remove(int place);

    /// <summary>Asks which keys a server holds another value of. What is malformed or of another namespace is passed over. The request must not be changed until the answer is there.</summary>
    /// <param name="hold">How long the server is to wait for a change where there is no difference; null to have it answer at once.</param>
    ServerOperation<IReadOnlyList<ConfigKey>> Listen(TimeSpan? hold);
}
