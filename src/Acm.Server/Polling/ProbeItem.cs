using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A key that a client asks about, and what it has. The MD5 lives in the request's buffer and no longer than that.</summary>
/// <param name="Key">The key in the store.</param>
/// <param name="Tenant">The namespace as the client wrote it, who is answered in its own words.</param>
/// <param name="Md5">Blank where the client has nothing.</param>
internal readonly record struct ProbeItem(ConfigKey Key, string Tenant, ReadOnlyMemory<byte> Md5)
{
    public ConfigKey Name => Key with { Tenant = Tenant };
}
