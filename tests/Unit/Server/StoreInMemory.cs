using Acm.Server.Polling;
using Acm.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Acm.Tests.Server;

/// <summary>A store without a server around it.</summary>
internal sealed class StoreInMemory : IDisposable
{
    private readonly MemoryJournal _journal = new();
    private readonly PollTimer _clock = new(TimeProvider.System);
    private readonly WriteQueue _queue;

    public StoreInMemory()
    {
        Index = new ConfigIndex(_journal);
        _queue = new WriteQueue(Index, _journal, TimeProvider.System, NullLogger.Instance);
        Store = new ConfigStore(Index, _queue, _journal, new NamespaceRegistry(_journal, TimeProvider.System), new PendingPolls(Index, _clock));
    }

    public ConfigIndex Index { get; }

    public ConfigStore Store { get; }

    public void Dispose()
    {
        _queue.Dispose();
        _clock.Dispose();
        _journal.Dispose();
    }
}
