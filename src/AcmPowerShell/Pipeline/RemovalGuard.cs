namespace AcmPowerShell;

/// <summary>Detects unconfirmed removals that are probably a mistake: the source is much smaller than the target, as after a failed checkout.</summary>
internal static class RemovalGuard
{
    /// <summary>Smaller removals are always allowed.</summary>
    private const int Fewest = 3;

    /// <summary>Larger removals are never allowed.</summary>
    private const int Most = 50;

    /// <param name="kept">The number of items that remain.</param>
    /// <param name="removed">The number of items to remove.</param>
    internal static bool IsSuspicious(int kept, int removed) => removed > Most || (removed >= Fewest && removed > kept);
}
