namespace Acm.Client.Protocol;

/// <summary>A gray version as a server has it.</summary>
/// <param name="Value">Its content.</param>
/// <param name="Addresses">The clients that get it; none for a tag.</param>
internal sealed record GrayValue(ServerValue Value, IReadOnlyList<string> Addresses);
