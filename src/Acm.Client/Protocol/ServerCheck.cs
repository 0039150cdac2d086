namespace Acm.Client.Protocol;

/// <summary>One check of a connection test.</summary>
/// <param name="Name">The name of the step.</param>
/// <param name="Operation">Runs the check and returns the details.</param>
/// <param name="Cure">What to do about a failure without advice of its own.</param>
/// <param name="NeedsCredentials">Whether the check is skipped for anonymous connections.</param>
/// <param name="IsAdvisory">Whether a failure is only a warning.</param>
internal sealed record ServerCheck(string Name, ServerOperation<string> Operation, string Cure, bool NeedsCredentials, bool IsAdvisory = false);
