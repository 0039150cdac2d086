namespace Acm.Client;

/// <summary>The namespace that a text stands for.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="IsListed">Whether the server lists a namespace with this ID; null where no server was asked, or it did not tell.</param>
internal readonly record struct FoundNamespace(string Id, bool? IsListed);
