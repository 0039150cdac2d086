using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>What one client is served of a key: which of its versions, and in which charset.</summary>
internal abstract class ReadView(ConfigIndex index)
{
    /// <summary>The client's address; blank where nobody asks who listens.</summary>
    public virtual string ClientAddress => "";

    /// <summary>The version that this client gets; null where it gets none.</summary>
    public abstract ConfigEntry? Select(KeySlot slot);

    /// <summary>The charset in which this client gets it.</summary>
    public abstract string CharsetOf(ConfigEntry entry);

    /// <summary>Whether a change ends a poll of this client. It is asked under the lock of the key.</summary>
    public virtual bool Notices(ConfigEntry? before, ConfigEntry? after) => !IsSameContent(before, after);

    /// <summary>The MD5 that this client should have; blank where it gets nothing.</summary>
    public string Md5(KeySlot slot) => Select(slot) is { } entry ? index.Md5(entry, CharsetOf(entry)) : "";

    /// <summary>The protocols compare texts; the MD5 of an absent value is the empty text.</summary>
    public bool Differs(KeySlot slot, ReadOnlySpan<byte> clientMd5) => !System.Text.Ascii.Equals(clientMd5, Md5(slot));

    protected bool IsSameContent(ConfigEntry? before, ConfigEntry? after) =>
        before?.Md5 == after?.Md5 ||
        (before is not null && after is not null && before.Charset != after.Charset && index.Md5(before, CharsetOf(after)) == index.Md5(after, CharsetOf(after)));
}
