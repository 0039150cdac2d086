namespace Acm.Client.Protocol;

/// <summary>What a server told of itself.</summary>
/// <param name="Version">Its version, as it says.</param>
/// <param name="Generation">The servers that take the same calls, by a short name.</param>
/// <param name="ComparesMd5">Whether it compares the MD5 of a conditional publish as it stores.</param>
internal sealed record ServerKnowledge(string Version, string Generation, bool ComparesMd5);
