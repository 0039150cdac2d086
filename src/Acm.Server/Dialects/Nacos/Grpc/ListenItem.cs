using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A key in a subscription request.</summary>
/// <param name="Key">The key in the store.</param>
/// <param name="Tenant">The namespace as the client wrote it; empty if it wrote none.</param>
/// <param name="HasTenant">Whether the client sent a namespace, even an empty one; the response repeats it.</param>
/// <param name="Md5">The MD5 of the client's value; empty if it has none.</param>
internal sealed record ListenItem(ConfigKey Key, string Tenant, bool HasTenant, string Md5);
