namespace AcmPowerShell;

/// <summary>Completes endpoints: those of connections and profiles, and the servers that this session started.</summary>
public sealed class EndpointCompleter : PlaceCompleter
{
    private protected override IReadOnlyList<(string Text, string Tip)> Find(AcmSession? session) => KnownPlaces.Endpoints();
}
