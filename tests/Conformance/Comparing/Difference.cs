namespace Acm.Conformance.Comparing;

/// <summary>One thing that differs in a step.</summary>
/// <param name="Kind">status, header, body, shape or timing.</param>
/// <param name="Place">Where in the answer, such as <c>body.data.type</c>.</param>
/// <param name="Real">What the real server said.</param>
/// <param name="Ours">What the server under test said.</param>
/// <param name="IsSoft">True where no client depends on it.</param>
internal sealed record Difference(string Kind, string Place, object? Real, object? Ours, bool IsSoft);
