namespace Acm.Client.Protocol;

/// <summary>What a server reported about itself.</summary>
/// <param name="Version">The version.</param>
/// <param name="Generation">The short name of the API generation.</param>
/// <param name="ComparesMd5">Whether it supports compare-and-swap publishing.</param>
internal sealed record ServerKnowledge(string Version, string Generation, bool ComparesMd5);
