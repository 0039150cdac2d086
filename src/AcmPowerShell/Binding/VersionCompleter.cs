using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Acm.Client;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Completes versions of the configuration that was typed, newest first, each with what its change was. Never fails, and never takes long.</summary>
public sealed class VersionCompleter : IArgumentCompleter
{
    private const int Most = 50;

    /// <summary>The history is read anew each time: what was published a moment ago is what is looked for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        AcmSession? session = Bound(fakeBoundParameters, "Session") as AcmSession ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current;
        if (session is not { IsConnected: true } || Bound(fakeBoundParameters, "DataId")?.ToString() is not { Length: > 0 } dataId) return [];

        try
        {
            AcmClient client = Bound(fakeBoundParameters, "Namespace") is string name ? session.Client.ForNamespace(name) : session.Client;
            ConfigKey key = KeyRequest.KeyOf(dataId, Bound(fakeBoundParameters, "Group")?.ToString());
            string typed = CompletionText.Typed(wordToComplete);
            return [.. Read(client, key)
                .Select(revision => (Text: revision.Version.ToString(CultureInfo.InvariantCulture), Revision: revision))
                .Where(found => found.Text.StartsWith(typed, StringComparison.Ordinal))
                .Select(found => new CompletionResult(found.Text, found.Text, CompletionResultType.ParameterValue, Tip(found.Revision)))];
        }
        catch (Exception e) when (e is AcmException or ObjectDisposedException or OperationCanceledException)
        {
            // A name that is not one yet, or a server that is slow or keeps no history.
            return [];
        }
    }

    private static List<ConfigRevision> Read(AcmClient client, ConfigKey key)
    {
        using var ending = new CancellationTokenSource(Patience);
        return Task.Run(() => ReadAsync(client, key, ending.Token)).GetAwaiter().GetResult();
    }

    private static async Task<List<ConfigRevision>> ReadAsync(AcmClient client, ConfigKey key, CancellationToken cancellationToken)
    {
        // -Namespace takes the name of a namespace as well.
        client = await client.FindNamespaceAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var found = new List<ConfigRevision>();
        await foreach (ConfigRevision revision in client.GetHistoryAsync(key, call: null, cancellationToken).ConfigureAwait(false))
        {
            found.Add(revision);
            if (found.Count == Most) break;
        }

        return found;
    }

    private static string Tip(ConfigRevision revision) => ForeignText.CleanLines($"{Display.Moment(revision.Time)} {revision.Operation} {revision.User} {revision.Address}".TrimEnd());

    private static object? Bound(IDictionary parameters, string name) => parameters[name] is PSObject wrapped ? wrapped.BaseObject : parameters[name];
}
