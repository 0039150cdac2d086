namespace Acm.Tests.StandIns;

/// <summary>One HTTP request as a stand-in received it.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">What follows the question mark; empty where there is none.</param>
/// <param name="Headers">Names without regard to case.</param>
/// <param name="Body">As text; these services get ASCII only.</param>
internal sealed record StandInRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);
