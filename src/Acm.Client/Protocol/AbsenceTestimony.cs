namespace Acm.Client.Protocol;

/// <summary>What one server reports about configurations that were not found.</summary>
/// <param name="Existing">Those that it has nevertheless.</param>
/// <param name="SawStored">Whether it looked into its database, which needs more permissions; a node that has just started or is partitioned may not serve everything that is stored.</param>
/// <param name="IsAlone">Whether it is a stand-alone server that was not restarted recently.</param>
internal sealed record AbsenceTestimony(IReadOnlyList<ConfigKey> Existing, bool SawStored, bool IsAlone);
