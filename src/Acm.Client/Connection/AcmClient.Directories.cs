using Acm.Client.Protocol;

namespace Acm.Client;

public sealed partial class AcmClient
{
    /// <summary>Gets the clients that listen to a configuration.</summary>
    /// <param name="key">The configuration; it need not exist.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not report listeners.</exception>
    public async Task<IReadOnlyList<ConfigListener>> GetListenersAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        _connection.Protocol.CheckKey(key);
        return await AskListenersAsync(directory => directory.Listeners(Namespace, key), call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets the configurations of this namespace that a client listens to.</summary>
    /// <param name="address">IP address of the client, as the server sees it.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not report listeners.</exception>
    public async Task<IReadOnlyList<ConfigListener>> GetListenersAtAsync(string address, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrEmpty(address)) throw new ArgumentException("Specify an IP address.", nameof(address));
        return await AskListenersAsync(directory => directory.ListenersAt(Namespace, address), call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists the namespaces of the server, the default one first.</summary>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not list namespaces.</exception>
    public async Task<IReadOnlyList<ConfigNamespace>> GetNamespacesAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        return await _connection.NamespaceKeeper.ListAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds a namespace by its ID; returns null if the server does not list it.</summary>
    /// <param name="namespace">The namespace ID; empty for the default namespace.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not list namespaces.</exception>
    public async Task<ConfigNamespace?> GetNamespaceAsync(string @namespace, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (@namespace is null) throw new ArgumentNullException(nameof(@namespace));
        OptionRules.Check(call);
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        return await _connection.NamespaceKeeper.FindAsync(@namespace, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a namespace.</summary>
    /// <param name="added">ID, name and description.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigExists"/>: the ID exists already; <see cref="AcmErrorKind.InvalidKey"/>: the ID or the name is not valid.</exception>
    public async Task AddNamespaceAsync(ConfigNamespace added, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (added is null) throw new ArgumentNullException(nameof(added));
        await ChangeNamespacesAsync(() => _connection.NamespaceKeeper.AddAsync(added, call, cancellationToken), call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces name and description of an existing namespace.</summary>
    /// <param name="changed">ID, name and description; an empty description clears it.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the ID does not exist; <see cref="AcmErrorKind.InvalidKey"/>: the name is not valid.</exception>
    public async Task SetNamespaceAsync(ConfigNamespace changed, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (changed is null) throw new ArgumentNullException(nameof(changed));
        await ChangeNamespacesAsync(() => _connection.NamespaceKeeper.SetAsync(changed, call, cancellationToken), call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes an empty namespace. Servers would keep serving the configurations of a removed namespace.</summary>
    /// <param name="namespace">The namespace ID.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the ID does not exist; <see cref="AcmErrorKind.Conflict"/>: it contains configurations.</exception>
    public Task RemoveNamespaceAsync(string @namespace, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        ChangeNamespacesAsync(() => _connection.NamespaceKeeper.RemoveAsync(_connection.Protocol.CheckNamespace(@namespace), call, cancellationToken), call, cancellationToken);

    private async Task<IReadOnlyList<ConfigListener>> AskListenersAsync(Func<IListenerDirectory, ServerOperation<IReadOnlyList<ConfigListener>>> ask, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        OptionRules.Check(call);
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        return _connection.Protocol is IListenerDirectory directory
            ? await _connection.Pool.RunAsync(ask(directory), call, cancellationToken).ConfigureAwait(false)
            : throw ConfigErrors.Missing(_connection.Protocol.Name, "report listeners", "Use a server that does.");
    }

    /// <summary>Changes namespaces and discards the resolved names, however the change ends.</summary>
    private async Task ChangeNamespacesAsync(Func<Task> change, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        OptionRules.Check(call);
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            _connection.Namespaces.Forget();
        }
    }
}
