namespace AcmPowerShell;

/// <summary>Completes namespaces: those of connections, those that commands were given, and those of profiles.</summary>
public sealed class NamespaceCompleter : PlaceCompleter
{
    private protected override IReadOnlyList<(string Text, string Tip)> Find() => KnownPlaces.Namespaces();
}
