using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>One watcher's place among those of one key; the links belong to the slot's lock.</summary>
internal sealed class Watch(KeySlot slot, IWatcher watcher, string tenant)
{
    public KeySlot Slot { get; } = slot;

    public IWatcher Watcher { get; } = watcher;

    /// <summary>The key as the client wrote it.</summary>
    public ConfigKey Name => Slot.Key with { Tenant = tenant };

    public Watch? Previous { get; set; }

    public Watch? Next { get; set; }
}
