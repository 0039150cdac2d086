namespace Acm.Client.Writing;

/// <summary>The confirmation of a write.</summary>
/// <param name="Server">The server that confirmed it.</param>
/// <param name="ByReading">Whether reading confirmed it instead of the response.</param>
internal readonly record struct WriteReceipt(string Server, bool ByReading);
