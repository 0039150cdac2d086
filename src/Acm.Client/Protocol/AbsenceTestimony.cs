namespace Acm.Client.Protocol;

/// <summary>What one server says of configurations that are said not to exist.</summary>
/// <param name="Existing">Those that it knows all the same.</param>
/// <param name="SawStored">Whether it looked at what is stored, which fewer users may see; a node that was started cold or is cut off denies what it does not serve.</param>
/// <param name="IsAlone">Whether it is no node of a cluster, and was not restarted a moment ago.</param>
internal sealed record AbsenceTestimony(IReadOnlyList<ConfigKey> Existing, bool SawStored, bool IsAlone);
