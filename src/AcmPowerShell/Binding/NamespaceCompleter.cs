namespace AcmPowerShell;

/// <summary>Completes namespaces: those of the server, of connections, of earlier commands and of profiles.</summary>
public sealed class NamespaceCompleter : Completer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request)
    {
        IEnumerable<(string Text, string Tip)> listed = request.Session is not { } session ? [] : session.ListedNamespaces.Get(session.Client, Patience)
            .Where(found => !found.IsDefault)
            .Select(found => (found.Namespace, $"Namespace '{found.Name}' at {session.Endpoint}"));
        return listed.Concat(KnownPlaces.Namespaces()).OrderBy(place => place.Text, StringComparer.Ordinal);
    }
}
