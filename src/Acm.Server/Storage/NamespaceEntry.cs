namespace Acm.Server.Storage;

/// <summary>A namespace that somebody made. Configurations need none: they may be in a namespace that nobody made.</summary>
internal sealed record NamespaceEntry(string Id, string Name, string? Description, DateTimeOffset CreatedAt);
