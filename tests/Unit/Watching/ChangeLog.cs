using System.Collections.Concurrent;
using System.Threading.Channels;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>The callback of a test: keeps what it is told, and lets the test wait for the next.</summary>
internal sealed class ChangeLog
{
    private readonly Channel<ConfigChange> _coming = Channel.CreateUnbounded<ConfigChange>();

    /// <summary>All that was told, in order.</summary>
    public ConcurrentQueue<ConfigChange> All { get; } = new();

    public ValueTask TakeAsync(ConfigChange change, CancellationToken cancellationToken)
    {
        All.Enqueue(change);
        _coming.Writer.TryWrite(change);
        return default;
    }

    /// <summary>The next change: waits until it is there.</summary>
    public async Task<ConfigChange> NextAsync() => await Clients.InTime(_coming.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());

    /// <summary>Waits until one comes that this is true of.</summary>
    public async Task<ConfigChange> NextAsync(Func<ConfigChange, bool> isIt)
    {
        while (true)
        {
            ConfigChange change = await NextAsync();
            if (isIt(change)) return change;
        }
    }

    /// <summary>The next change is this one.</summary>
    public async Task ExpectAsync(ConfigChangeKind kind, string dataId, string? content)
    {
        ConfigChange change = await NextAsync();
        Assert.Equal((kind, dataId, content), (change.Kind, change.DataId, change.Content));
    }
}
