using System.Globalization;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;

namespace Acm.Client.Writing;

/// <summary>
/// Lists, adds, changes and removes namespaces. Servers answer "true" to a change of one that does not exist, and to a removal of one that has configurations, which they leave behind (recordings
/// v1.namespaces and v3admin.namespaces): what is there is looked at first, and what came of it after.
/// </summary>
/// <param name="pool">The servers.</param>
/// <param name="protocol">Their dialect, as far as it is found out.</param>
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

        // Entries that were left behind would show again under the new one.
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

    /// <summary>Servers clear a description that is not sent.</summary>
    private static AcmException NotTold(string @namespace) =>
        new(AcmErrorKind.CapabilityMissing, $"Namespace '{@namespace}' was not changed: the server does not tell its description, and the change would clear it.") { Advice = "Specify the description as well.", Option = nameof(ConfigNamespace.Description), IsFinal = true };

    private static bool IsSame(ConfigNamespace? found, ConfigNamespace wanted) =>
        found is not null && found.Name.Trim() == wanted.Name.Trim() && (found.Description is null || found.Description.Trim() == (wanted.Description ?? "").Trim());

    /// <summary>An addition whose answer was lost is tried again, and then refused because the namespace exists: the list tells whether it was added.</summary>
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

    /// <summary>Whether the list shows the namespace as it was added. Where there is no list, the error of the addition is what there is to tell.</summary>
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
