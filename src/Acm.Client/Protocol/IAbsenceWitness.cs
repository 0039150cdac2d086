namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may answer "not found" for an existing configuration, so that its absence must be verified.</summary>
internal interface IAbsenceWitness
{
    /// <summary>Checks with one server, in every way that the user's permissions allow, whether configurations exist.</summary>
    ServerOperation<AbsenceTestimony> CheckAbsence(string @namespace, IReadOnlyList<ConfigKey> keys);
}
