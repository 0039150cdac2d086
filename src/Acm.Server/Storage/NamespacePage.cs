namespace Acm.Server.Storage;

internal readonly record struct NamespacePage(int TotalCount, IReadOnlyList<KeySlot> Items)
{
    public static NamespacePage Empty { get; } = new(0, []);
}
