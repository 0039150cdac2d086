namespace Acm.Client.Protocol;

/// <summary>
/// The body of a poll: keys, and of each the MD5 of the value that the client has. Each key is encoded once; a new MD5 is patched into the
/// bytes. Not thread-safe.
/// </summary>
internal interface IProbeBody
{
    /// <summary>How many keys it holds.</summary>
    int Count { get; }

    /// <summary>The bytes as they are sent. Valid until the next change.</summary>
    ArraySegment<byte> Bytes { get; }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="md5">32 hex digits, or null where the client has no value.</param>
    /// <returns>The place of the key, by which it is changed and removed.</returns>
    int Add(ConfigKey key, string? md5);

    /// <summary>Sets the MD5 of the key at a place; null where the client has no value any more.</summary>
    void SetMd5(int place, string? md5);

    /// <summary>Takes the key at a place out. The place may be given to a later key.</summary>
    void Remove(int place);
}
