using Acm.Client;
using Acm.Client.Protocol;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>A connection whose server says what a test says.</summary>
/// <param name="server">Where it leads.</param>
/// <param name="listen">The keys that differ, by how often was listened before; throws where the server refuses.</param>
internal sealed class ScriptedPushLink(string server, Func<int, IReadOnlyList<ConfigKey>> listen) : IPushLink
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IReadOnlyCollection<ConfigKey>> _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listens;

    public string Server => server;

    public DateTimeOffset LastContact => default;

    public string? Successor { get; init; }

    /// <summary>Done once somebody waits for changes.</summary>
    public Task Waiting => _waiting.Task.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

    /// <summary>Has the server tell of keys, once.</summary>
    public void Tell(params ConfigKey[] keys) => _news.TrySetResult(keys);

    /// <summary>Ends the connection.</summary>
    public void Lose(Exception error) => _news.TrySetException(error);

    public Task<IReadOnlyList<ConfigKey>> ListenAsync(IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(listen(_listens++));
        }
        catch (AcmException e)
        {
            return Task.FromException<IReadOnlyList<ConfigKey>>(e);
        }
    }

    public Task StopListeningAsync(IReadOnlyCollection<ConfigKey> keys, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The patterns that are watched; throws where the server refuses.</summary>
    public Action<IReadOnlyCollection<ConfigKey>> WatchNames { get; init; } = _ => { };

    public Task WatchNamesAsync(IReadOnlyCollection<ConfigKey> patterns, CancellationToken cancellationToken)
    {
        try
        {
            WatchNames(patterns);
            return Task.CompletedTask;
        }
        catch (AcmException e)
        {
            return Task.FromException(e);
        }
    }

    public Task<IReadOnlyCollection<ConfigKey>> WaitForNamesAsync(CancellationToken cancellationToken) => WaitForChangesAsync(cancellationToken);

    public Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(CancellationToken cancellationToken)
    {
        _waiting.TrySetResult();
        return _news.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        // There is nothing behind it.
    }
}
