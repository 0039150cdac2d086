using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>The listener methods of a client.</summary>
internal sealed class ListenerCalls(AcmConnection connection, string @namespace)
{
    public async Task<IReadOnlyList<ConfigListener>> OfAsync(ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        connection.Protocol.CheckKey(key);
        return await AskAsync(directory => directory.Listeners(@namespace, key), call, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ConfigListener>> AtAsync(string address, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(address)) throw new ArgumentException("Specify an IP address.", nameof(address));
        return await AskAsync(directory => directory.ListenersAt(@namespace, address), call, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ConfigListener>> AskAsync(Func<IListenerDirectory, ServerOperation<IReadOnlyList<ConfigListener>>> ask, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        OptionRules.Check(call);
        await connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        return connection.Protocol is IListenerDirectory directory
            ? await connection.Pool.RunAsync(ask(directory), call, cancellationToken).ConfigureAwait(false)
            : throw ConfigErrors.Missing(connection.Protocol.Name, "report listeners", "Use a server that does.");
    }
}
