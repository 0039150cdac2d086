namespace Acm.Server.Dialects.Nacos;

/// <summary>A namespace and the number of its configurations.</summary>
internal sealed record NamespaceView(string Id, string Name, string? Description, int ConfigCount, bool IsPublic);
