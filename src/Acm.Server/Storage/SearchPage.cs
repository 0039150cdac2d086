namespace Acm.Server.Storage;

/// <summary>A page of configurations.</summary>
internal readonly record struct SearchPage(int TotalCount, IReadOnlyList<KeySlot> Items)
{
    public static SearchPage Empty { get; } = new(0, []);
}
