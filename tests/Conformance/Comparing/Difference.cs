namespace Acm.Conformance.Comparing;

/// <summary>A difference in a step.</summary>
/// <param name="Kind">status, header, body, shape or timing.</param>
/// <param name="Place">The place in the response, such as <c>body.data.type</c>.</param>
/// <param name="Real">The value of the real server.</param>
/// <param name="Ours">The value of the server under test.</param>
/// <param name="IsSoft">Whether no client depends on it.</param>
internal sealed record Difference(string Kind, string Place, object? Real, object? Ours, bool IsSoft);
