namespace Acm.Server.Storage;

/// <summary>A created namespace. Configurations may also exist in namespaces that were never created.</summary>
internal sealed record NamespaceEntry(string Id, string Name, string? Description, DateTimeOffset CreatedAt);
