using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Completes the names of the user's profiles.</summary>
public sealed class ProfileNameCompleter : Completer
{
    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request) => new ProfileStore(ProfileStore.DefaultPath).Read().Profiles
        .OrderBy(profile => profile.Name, StringComparer.Ordinal)
        .Select(profile => (profile.Name, (profile.Endpoint ?? profile.Name) + (profile.Namespace.Length == 0 ? "" : $" ({profile.Namespace})")));
}
