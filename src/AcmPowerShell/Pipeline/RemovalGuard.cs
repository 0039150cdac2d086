namespace AcmPowerShell;

/// <summary>When a removal that nobody is asked about is too large to be meant: the source is suddenly tiny, as after a checkout that went wrong.</summary>
internal static class RemovalGuard
{
    /// <summary>Fewer are removed without a second look.</summary>
    private const int Fewest = 3;

    /// <summary>More are not, however many stay.</summary>
    private const int Most = 50;

    /// <param name="kept">How many are there afterwards.</param>
    /// <param name="removed">How many would be removed.</param>
    internal static bool IsSuspicious(int kept, int removed) => removed > Most || (removed >= Fewest && removed > kept);
}
