using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>One poll's place among the watchers of one key; the links belong to the slot's lock.</summary>
internal sealed class Watch(KeySlot slot, Poll poll, string tenant)
{
    public KeySlot Slot { get; } = slot;

    public Poll Poll { get; } = poll;

    /// <summary>The key as the client wrote it.</summary>
    public ConfigKey Name => Slot.Key with { Tenant = tenant };

    public Watch? Previous { get; set; }

    public Watch? Next { get; set; }
}
