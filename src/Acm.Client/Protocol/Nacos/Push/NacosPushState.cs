using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>The keys that a server told of on a connection and nobody took yet, and why the connection is lost. Thread-safe.</summary>
internal sealed class NacosPushState
{
    private readonly object _gate = new();
    private readonly HashSet<ConfigKey> _changed = [];
    private readonly HashSet<ConfigKey> _names = [];
    private TaskCompletionSource<bool> _news = NewSignal();
    private AcmException? _error;

    /// <summary>Gets whether the connection is lost.</summary>
    public bool IsLost
    {
        get
        {
            lock (_gate) return _error is not null;
        }
    }

    /// <summary>Throws the reason where the connection is lost.</summary>
    public void ThrowIfLost()
    {
        lock (_gate) ThrowError();
    }

    /// <summary>Returns why a request could not go on: the connection was lost, or was closed on this side.</summary>
    public AcmException Ended(ServerAddress server, Exception cause)
    {
        lock (_gate) return _error is { } error ? CopyOf(error) : NacosPushErrors.Lost(server, "was disconnected from this side", cause);
    }

    /// <summary>Notes why the connection is lost, the first time, and ends the waits.</summary>
    public void Lose(AcmException error)
    {
        lock (_gate)
        {
            _error ??= error;
            _news.TrySetResult(true);
        }
    }

    public void NoteChanged(ConfigKey key) => Note(_changed, [key]);

    public void NoteNames(IReadOnlyList<ConfigKey> keys) => Note(_names, keys);

    public Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(CancellationToken cancellationToken) => WaitAsync(_changed, cancellationToken);

    public Task<IReadOnlyCollection<ConfigKey>> WaitForNamesAsync(CancellationToken cancellationToken) => WaitAsync(_names, cancellationToken);

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The error is thrown to several callers, and an exception keeps the trace of one.
    private static AcmException CopyOf(AcmException error) => new(error.Kind, error.Message, error) { Advice = error.Advice, Option = error.Option };

    private void ThrowError()
    {
        if (_error is { } error) throw CopyOf(error);
    }

    private void Note(HashSet<ConfigKey> noted, IReadOnlyList<ConfigKey> keys)
    {
        if (keys.Count == 0) return;

        lock (_gate)
        {
            noted.UnionWith(keys);
            _news.TrySetResult(true);
            _news = NewSignal();
        }
    }

    /// <summary>Waits until keys are noted, and takes them.</summary>
    private async Task<IReadOnlyCollection<ConfigKey>> WaitAsync(HashSet<ConfigKey> noted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                ThrowError();
                if (noted.Count > 0)
                {
                    ConfigKey[] taken = [.. noted];
                    noted.Clear();
                    return taken;
                }

                news = _news.Task;
            }

            await news.OrCancelled(cancellationToken).ConfigureAwait(false);
        }
    }
}
