using System.Management.Automation.Runspaces;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Returns the endpoints and namespaces of this runspace's sessions and of the user's profiles. Sends no requests and never fails.</summary>
internal static class KnownPlaces
{
    /// <summary>Returns each namespace with its origin, most recent first. The default namespace is omitted, because it has no name.</summary>
    internal static IEnumerable<(string Text, string Tip)> Namespaces() => Distinct(
    [
        .. Sessions().SelectMany(session => session.Namespaces.Select(name => (name, $"Namespace at {session.Endpoint}"))),
        .. Profiles().Select(profile => (profile.Namespace, $"Namespace of the profile {profile.Name}")),
    ]);

    /// <summary>Returns each endpoint with its origin.</summary>
    internal static IEnumerable<(string Text, string Tip)> Endpoints() => Distinct(
    [
        .. RunspaceResources.Of(Runspace.DefaultRunspace).Servers.Select(server => (server.Endpoint, $"Server {server.ProcessId} of this session")),
        .. Sessions().SelectMany(session => session.Endpoint.Split(',').Select(endpoint => (endpoint.Trim(), session.Direct ? "Server of a connection" : "Endpoint of a connection"))),
        .. Profiles().SelectMany(profile => (profile.Endpoint ?? "").Split(',').Select(endpoint => (endpoint.Trim(), $"Endpoint of the profile {profile.Name}"))),
    ]);

    private static AcmSession[] Sessions() => RunspaceResources.Of(Runspace.DefaultRunspace).Sessions;

    private static IReadOnlyList<StoredProfile> Profiles()
    {
        try
        {
            return [.. new ProfileStore(ProfileStore.DefaultPath).Read().Profiles];
        }
        catch (Exception e) when (e is AcmException or ArgumentException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The profile commands report a damaged file.
            return [];
        }
    }

    private static List<(string Text, string Tip)> Distinct(IEnumerable<(string Text, string Tip)> places) =>
        [.. places.Where(place => place.Text.Length > 0).GroupBy(place => place.Text, StringComparer.Ordinal).Select(same => same.First())];
}
