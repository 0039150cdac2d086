namespace Acm.Server.Storage;

/// <summary>Part of what a search found.</summary>
internal readonly record struct SearchPage(int TotalCount, IReadOnlyList<KeySlot> Items)
{
    public static SearchPage Empty { get; } = new(0, []);
}
