namespace Acm.Client;

/// <summary>The namespace methods of a client.</summary>
internal sealed class NamespaceCalls(AcmConnection connection)
{
    public async Task<IReadOnlyList<ConfigNamespace>> ListAsync(AcmCallOptions? call, CancellationToken cancellationToken)
    {
        OptionRules.Check(call);
        await connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        return await connection.NamespaceKeeper.ListAsync(call, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ConfigNamespace?> FindAsync(string @namespace, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (@namespace is null) throw new ArgumentNullException(nameof(@namespace));
        OptionRules.Check(call);
        await connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        return await connection.NamespaceKeeper.FindAsync(@namespace, call, cancellationToken).ConfigureAwait(false);
    }

    public async Task AddAsync(ConfigNamespace added, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (added is null) throw new ArgumentNullException(nameof(added));
        await ChangeAsync(() => connection.NamespaceKeeper.AddAsync(added, call, cancellationToken), call, cancellationToken).ConfigureAwait(false);
    }

    public async Task SetAsync(ConfigNamespace changed, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (changed is null) throw new ArgumentNullException(nameof(changed));
        await ChangeAsync(() => connection.NamespaceKeeper.SetAsync(changed, call, cancellationToken), call, cancellationToken).ConfigureAwait(false);
    }

    public Task RemoveAsync(string @namespace, AcmCallOptions? call, CancellationToken cancellationToken) =>
        ChangeAsync(() => connection.NamespaceKeeper.RemoveAsync(connection.Protocol.CheckNamespace(@namespace), call, cancellationToken), call, cancellationToken);

    /// <summary>Changes namespaces and discards the resolved names, however the change ends.</summary>
    private async Task ChangeAsync(Func<Task> change, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        OptionRules.Check(call);
        await connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            connection.Namespaces.Forget();
        }
    }
}
