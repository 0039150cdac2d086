namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may answer "not found" although a configuration exists, so that its absence has to be proved.</summary>
internal interface IAbsenceWitness
{
    /// <summary>Asks a server in every way that it has whether configurations exist. Sends no more than the user's rights allow.</summary>
    ServerOperation<AbsenceTestimony> CheckAbsence(string @namespace, IReadOnlyList<ConfigKey> keys);
}
