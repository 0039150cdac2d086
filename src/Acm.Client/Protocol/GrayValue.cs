namespace Acm.Client.Protocol;

/// <summary>A gray release as the server stores it.</summary>
/// <param name="Value">The released value.</param>
/// <param name="Addresses">The clients that receive it; empty for a tag.</param>
internal sealed record GrayValue(ServerValue Value, IReadOnlyList<string> Addresses);
