using System.Globalization;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;

namespace Acm.Client.Writing;

/// <summary>
/// Lists, creates, updates and removes namespaces. Nacos servers report success for updating a namespace that does not exist, and for removing one with configurations, which they keep (observed
/// with Nacos 1.4.8, 2.5.1 and 3.0.3): so the state is checked before and after each change.
/// </summary>
/// <param name="pool">The servers.</param>
/// <param name="protocol">Gets the dialect, once it is detected.</param>
/// <param name="lister">Counts configurations.</param>
internal sealed class NamespaceKeeper(ServerPool pool, Func<IConfigProtocol> protocol, NamespaceLister lister)
{
    public async Task<IReadOnlyList<ConfigNamespace>> ListAsync(AcmCallOptions? call, CancellationToken cancellationToken) =>
        await pool.RunAsync(Directory.Namespaces(), call, cancellationToken).ConfigureAwait(false);

    public async Task<ConfigNamespace?> FindAsync(string @namespace, AcmCallOptions? call, CancellationToken cancellationToken) =>
        await pool.RunAsync(Directory.Namespace(@namespace), call, cancellationToken).ConfigureAwait(false);

    public async Task AddAsync(ConfigNamespace added, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        ServerOperation<bool> add = Directory.AddNamespace(added);
        if (await FindAsync(added.Namespace, call, cancellationToken).ConfigureAwait(false) is not null)
            throw new AcmException(AcmErrorKind.ConfigExists, $"Namespace '{added.Namespace}' already exists and was not changed.") { Advice = "Change its name or its description instead.", IsFinal = true };

        // Configurations that a removed namespace left behind would reappear in the new one.
        int left = await CountAsync(added.Namespace, call, cancellationToken).ConfigureAwait(false);
        if (left > 0)
            throw new AcmException(AcmErrorKind.ConfigExists, $"Namespace '{added.Namespace}' is not listed, but has {Count(left)}: it was removed without them, and they would reappear.") { Advice = "Remove these configurations first, or use another ID.", IsFinal = true };

        await RunAddAsync(add, added, call, cancellationToken).ConfigureAwait(false);
        await ProveAsync(added.Namespace, found => found is not null, "added", call, cancellationToken).ConfigureAwait(false);
    }

    public async Task SetAsync(ConfigNamespace changed, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        _ = Directory.SetNamespace(changed);
        ConfigNamespace old = await RequireAsync(changed.Namespace, call, cancellationToken).ConfigureAwait(false);
        changed = new ConfigNamespace { Namespace = changed.Namespace, Name = changed.Name, Description = changed.Description ?? old.Description ?? throw NotTold(changed.Namespace) };
        ServerOperation<bool> set = Directory.SetNamespace(changed);
        await pool.RunAsync(set, call, cancellationToken).ConfigureAwait(false);
        await ProveAsync(changed.Namespace, found => IsSame(found, changed), "changed", call, cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveAsync(string @namespace, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (@namespace.Length == 0) throw new AcmException(AcmErrorKind.InvalidKey, "The default namespace cannot be removed.") { IsFinal = true };

        await RequireAsync(@namespace, call, cancellationToken).ConfigureAwait(false);
        int count = await CountAsync(@namespace, call, cancellationToken).ConfigureAwait(false);
        if (count > 0) throw new AcmException(AcmErrorKind.Conflict, $"Namespace '{@namespace}' has {Count(count)} and was not removed: the server would keep them, hidden.") { Advice = "Remove the configurations first.", IsFinal = true };

        await pool.RunAsync(Directory.RemoveNamespace(@namespace), call, cancellationToken).ConfigureAwait(false);
        await ProveAsync(@namespace, found => found is null, "removed", call, cancellationToken).ConfigureAwait(false);
    }

    private INamespaceDirectory Directory => protocol() as INamespaceDirectory ?? throw ConfigErrors.Missing(protocol().Name, "list or change namespaces", "Use a server that does, such as Nacos.");

    private static string Count(int count) => count == 1 ? "1 configuration" : count.ToString("N0", CultureInfo.InvariantCulture) + " configurations";

    /// <summary>Returns the error of an update without a description, which servers would clear.</summary>
    private static AcmException NotTold(string @namespace) =>
        new(AcmErrorKind.CapabilityMissing, $"Namespace '{@namespace}' was not changed: the server does not report its description, and the change would clear it.") { Advice = "Specify the description as well.", Option = nameof(ConfigNamespace.Description), IsFinal = true };

    private static bool IsSame(ConfigNamespace? found, ConfigNamespace wanted) =>
        found is not null && found.Name.Trim() == wanted.Name.Trim() && (found.Description is null || found.Description.Trim() == (wanted.Description ?? "").Trim());

    /// <summary>Creates a namespace. If the response is lost, the retry fails because the namespace exists, and the list decides.</summary>
    private async Task RunAddAsync(ServerOperation<bool> add, ConfigNamespace added, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        AcmException error;
        try
        {
            await pool.RunAsync(add, call, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (AcmException e)
        {
            error = e;
        }

        if (!await IsListedAsync(added, call, cancellationToken).ConfigureAwait(false)) throw error;
    }

    /// <summary>Returns whether the list contains the new namespace; false if it cannot be read, so that the original error is thrown.</summary>
    private async Task<bool> IsListedAsync(ConfigNamespace added, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        try
        {
            return IsSame(await FindAsync(added.Namespace, call, cancellationToken).ConfigureAwait(false), added);
        }
        catch (AcmException)
        {
            return false;
        }
    }

    private async Task<int> CountAsync(string @namespace, AcmCallOptions? call, CancellationToken cancellationToken) =>
        (await lister.ReadPageAsync(@namespace, ConfigFilter.All, 1, 1, call, cancellationToken).ConfigureAwait(false)).TotalCount;

    private async Task<ConfigNamespace> RequireAsync(string @namespace, AcmCallOptions? call, CancellationToken cancellationToken) =>
        await FindAsync(@namespace, call, cancellationToken).ConfigureAwait(false)
            ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"Namespace '{@namespace}' was not found.") { Advice = "List the namespaces to see their IDs. They are case-sensitive.", IsFinal = true };

    private async Task ProveAsync(string @namespace, Func<ConfigNamespace?, bool> isDone, string what, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (!isDone(await FindAsync(@namespace, call, cancellationToken).ConfigureAwait(false)))
            throw new AcmException(AcmErrorKind.InvalidResponse, $"The server reported that namespace '{@namespace}' was {what}, but its list does not show it.") { OutcomeUnknown = true, IsFinal = true };
    }
}
