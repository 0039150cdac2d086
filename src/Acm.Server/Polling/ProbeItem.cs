using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A key in a poll, and the MD5 of the client's value. The MD5 is a slice of the request's buffer and valid as long as the buffer.</summary>
/// <param name="Key">The key in the store.</param>
/// <param name="Tenant">The namespace as the client wrote it, which the response repeats.</param>
/// <param name="Md5">The MD5; empty if the client has no value.</param>
internal readonly record struct ProbeItem(ConfigKey Key, string Tenant, ReadOnlyMemory<byte> Md5)
{
    public ConfigKey Name => Key with { Tenant = Tenant };
}
