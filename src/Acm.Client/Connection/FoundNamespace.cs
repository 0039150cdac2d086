namespace Acm.Client;

/// <summary>A resolved namespace.</summary>
/// <param name="Id">The namespace ID.</param>
/// <param name="IsListed">Whether the server lists a namespace with this ID; null if unknown.</param>
internal readonly record struct FoundNamespace(string Id, bool? IsListed);
