using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Completes the names of the user's profiles. Never fails.</summary>
public sealed class ProfileNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = CompletionText.Typed(wordToComplete);
        try
        {
            return new ProfileStore(ProfileStore.DefaultPath).Read().Profiles
                .Where(profile => profile.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                .OrderBy(profile => profile.Name, StringComparer.Ordinal)
                .Select(profile => CompletionText.Offer(profile.Name, Tip(profile))).OfType<CompletionResult>()
                .ToArray();
        }
        catch (Exception e) when (e is AcmException or ArgumentException or IOException or NotSupportedException)
        {
            // A damaged file is for the command to complain of.
            return [];
        }
    }

    private static string Tip(StoredProfile profile) => (profile.Endpoint ?? profile.Name) + (profile.Namespace.Length == 0 ? "" : $" ({profile.Namespace})");
}
