namespace AcmPowerShell;

/// <summary>Completes endpoints: those of connections and profiles, and the servers that this session started.</summary>
public sealed class EndpointCompleter : Completer
{
    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request) => KnownPlaces.Endpoints().OrderBy(place => place.Text, StringComparer.Ordinal);
}
