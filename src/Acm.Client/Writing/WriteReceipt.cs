namespace Acm.Client.Writing;

/// <summary>That a write was carried out.</summary>
/// <param name="Server">Who said so.</param>
/// <param name="ByReading">Whether what is stored said so, and no answer to the write.</param>
internal readonly record struct WriteReceipt(string Server, bool ByReading);
