using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A key of a batch listen.</summary>
/// <param name="Key">The key in the store.</param>
/// <param name="Tenant">The namespace as the client wrote it; blank where it wrote none.</param>
/// <param name="HasTenant">Whether it wrote one, be it a blank one: it is answered in its own words.</param>
/// <param name="Md5">What it has; blank for nothing.</param>
internal sealed record ListenItem(ConfigKey Key, string Tenant, bool HasTenant, string Md5);
