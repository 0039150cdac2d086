using Acm.Client;
using Acm.Client.Protocol;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>A connection to a scripted server.</summary>
/// <param name="server">The server.</param>
/// <param name="listen">Returns the changed keys for the number of previous listens; throws if the server rejects the request.</param>
internal sealed class ScriptedPushLink(string server, Func<int, IReadOnlyList<ConfigKey>> listen) : IPushLink
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IReadOnlyCollection<ConfigKey>> _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _listens;

    public string Server => server;

    public DateTimeOffset LastContact => default;

    public string? Successor { get; init; }

    /// <summary>Gets a task that completes when the client waits for changes.</summary>
    public Task Waiting => _waiting.Task.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

    /// <summary>Reports changed keys once.</summary>
    public void Tell(params ConfigKey[] keys) => _news.TrySetResult(keys);

    /// <summary>Closes the connection.</summary>
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

    /// <summary>Gets or sets the handler of watched patterns; throws if the server rejects the request.</summary>
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

    /// <summary>Done once it is disposed of.</summary>
    public Task Disposed => _disposed.Task;

    public void Dispose() => _disposed.TrySetResult();
}
