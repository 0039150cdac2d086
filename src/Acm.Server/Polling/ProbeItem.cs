using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A key that a client asks about, and what it has. The MD5 lives in the request's buffer and no longer than that.</summary>
internal readonly record struct ProbeItem(ConfigKey Key, ReadOnlyMemory<byte> Md5);
