using System.Collections.Concurrent;
using System.Threading.Channels;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>A callback that records changes, and lets a test wait for the next one.</summary>
internal sealed class ChangeLog
{
    private readonly Channel<ConfigChange> _coming = Channel.CreateUnbounded<ConfigChange>();

    /// <summary>Gets all changes in order.</summary>
    public ConcurrentQueue<ConfigChange> All { get; } = new();

    public ValueTask TakeAsync(ConfigChange change, CancellationToken cancellationToken)
    {
        All.Enqueue(change);
        _coming.Writer.TryWrite(change);
        return default;
    }

    /// <summary>Waits for the next change.</summary>
    public async Task<ConfigChange> NextAsync() => await Clients.InTime(_coming.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());

    /// <summary>Waits for a change that meets a condition.</summary>
    public async Task<ConfigChange> NextAsync(Func<ConfigChange, bool> isIt)
    {
        while (true)
        {
            ConfigChange change = await NextAsync();
            if (isIt(change)) return change;
        }
    }

    /// <summary>Asserts the next change.</summary>
    public async Task ExpectAsync(ConfigChangeKind kind, string dataId, string? content)
    {
        ConfigChange change = await NextAsync();
        Assert.Equal((kind, dataId, content), (change.Kind, change.DataId, change.Content));
    }
}
