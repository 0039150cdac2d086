using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Acm.Client;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Completes data ids and groups from the snapshots of the connection: they are looked at when no server can be asked. Never fails, and never takes long.</summary>
public sealed class SnapshotCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // A folder that is given is as yet only a word.
        if (fakeBoundParameters.Contains(nameof(SnapshotCmdlet.Path)) || fakeBoundParameters.Contains(nameof(SnapshotCmdlet.LiteralPath))) return [];
        if (RunspaceResources.Of(Runspace.DefaultRunspace).Current is not { SnapshotPath: { } path } session) return [];

        try
        {
            bool groups = parameterName == nameof(SnapshotCmdlet.Group);
            WildcardPattern pattern = WildcardPattern.Get(CompletionText.Typed(wordToComplete) + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            WildcardPattern namespaces = WildcardPattern.Get(fakeBoundParameters[nameof(SnapshotCmdlet.Namespace)] as string ?? WildcardPattern.Escape(session.Namespace), WildcardOptions.None);
            return Look(path)
                .Where(snapshot => namespaces.IsMatch(snapshot.Namespace))
                .Select(snapshot => (Text: groups ? snapshot.Group : snapshot.DataId, Tip: groups ? "Group of snapshots" : $"Snapshot of group {snapshot.Group}"))
                .Where(found => pattern.IsMatch(found.Text))
                .GroupBy(found => found.Text, StringComparer.Ordinal)
                .OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => CompletionText.Offer(same.Key, same.First().Tip)).OfType<CompletionResult>()
                .ToArray();
        }
        catch (Exception e) when (e is AcmException or WildcardPatternException)
        {
            // A folder that can't be read is for the command to complain of.
            return [];
        }
    }

    /// <summary>Each is read as it is listed, so that of very many only the first ones are offered.</summary>
    private static IEnumerable<SnapshotInfo> Look(string path)
    {
        var clock = Stopwatch.StartNew();
        return new SnapshotFolder(path).List().TakeWhile(_ => clock.Elapsed < Patience);
    }
}
