namespace Acm.Client.Protocol;

/// <summary>A question to a server that shows whether one thing about a connection is in order.</summary>
/// <param name="Name">What is checked, as its row is called.</param>
/// <param name="Operation">Asks, and says what was seen.</param>
/// <param name="Cure">What to do where it fails and the error has no advice of its own.</param>
/// <param name="NeedsCredentials">Whether there is nothing to check where the connection has none.</param>
/// <param name="IsAdvisory">Whether a failure is a warning only: the connection works all the same.</param>
internal sealed record ServerCheck(string Name, ServerOperation<string> Operation, string Cure, bool NeedsCredentials, bool IsAdvisory = false);
