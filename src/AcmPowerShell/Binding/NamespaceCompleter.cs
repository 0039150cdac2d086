namespace AcmPowerShell;

/// <summary>Completes namespaces: those that the server lists, those of connections, those that commands were given, and those of profiles.</summary>
public sealed class NamespaceCompleter : PlaceCompleter
{
    /// <summary>As long as a completion of keys waits for the server.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private protected override IReadOnlyList<(string Text, string Tip)> Find(AcmSession? session)
    {
        IReadOnlyList<(string Text, string Tip)> known = KnownPlaces.Namespaces();
        if (session is not { IsConnected: true }) return known;

        IEnumerable<(string Text, string Tip)> listed = session.ListedNamespaces.Get(session.Client, Patience)
            .Where(found => !found.IsDefault)
            .Select(found => (found.Namespace, $"Namespace '{found.Name}' at {session.Endpoint}"));
        return [.. listed.Concat(known).GroupBy(place => place.Text, StringComparer.Ordinal).Select(same => same.First())];
    }
}
