using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>An entry in the linked list of a key's watchers; the links are protected by the slot's lock.</summary>
internal sealed class Watch(KeySlot slot, IWatcher watcher, string tenant)
{
    public KeySlot Slot { get; } = slot;

    public IWatcher Watcher { get; } = watcher;

    /// <summary>Gets the key as the client wrote it.</summary>
    public ConfigKey Name => Slot.Key with { Tenant = tenant };

    public Watch? Previous { get; set; }

    public Watch? Next { get; set; }
}
