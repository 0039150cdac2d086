using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>Selects the version and charset of a key for a client.</summary>
internal abstract class ReadView(ConfigIndex index)
{
    /// <summary>Gets the client's address; empty if the dialect does not list listeners by address.</summary>
    public virtual string ClientAddress => "";

    /// <summary>Returns the version for this client; null if there is none.</summary>
    public abstract ConfigEntry? Select(KeySlot slot);

    /// <summary>Returns the charset for this client.</summary>
    public abstract string CharsetOf(ConfigEntry entry);

    /// <summary>Returns whether a change ends a poll of this client. Called under the lock of the key.</summary>
    public virtual bool Notices(ConfigEntry? before, ConfigEntry? after) => !IsSameContent(before, after);

    /// <summary>Returns the MD5 of the value for this client; empty if there is none.</summary>
    public string Md5(KeySlot slot) => Select(slot) is { } entry ? index.Md5(entry, CharsetOf(entry)) : "";

    /// <summary>Returns whether the client's MD5 differs. The MD5 of an absent value is the empty string.</summary>
    public bool Differs(KeySlot slot, ReadOnlySpan<byte> clientMd5) => !System.Text.Ascii.Equals(clientMd5, Md5(slot));

    protected bool IsSameContent(ConfigEntry? before, ConfigEntry? after) =>
        before?.Md5 == after?.Md5 ||
        (before is not null && after is not null && before.Charset != after.Charset && index.Md5(before, CharsetOf(after)) == index.Md5(after, CharsetOf(after)));
}
