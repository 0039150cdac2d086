namespace Acm.Tests.StandIns;

/// <summary>One HTTP request as a stand-in received it.</summary>
/// <param name="Method">The HTTP method in upper case.</param>
/// <param name="Path">The path without the query.</param>
/// <param name="Query">The query without the question mark; empty if there is none.</param>
/// <param name="Headers">The headers, with case-insensitive names.</param>
/// <param name="Body">The body as text; the services only receive ASCII.</param>
internal sealed record StandInRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);
