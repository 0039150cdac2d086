namespace Acm.Client.Protocol;

/// <summary>The evidence that a configuration does not exist. <see cref="AbsenceRules"/> defines what each permits.</summary>
internal enum AbsenceEvidence
{
    /// <summary>No server answered, or all failed, for example because they are starting or have no leader.</summary>
    NoAnswer,

    /// <summary>A server has it, or reports it to a listener although a read did not find it. Nodes of a cluster do that for minutes after a cold start.</summary>
    Contradicted,

    /// <summary>It is missing from a list or an export.</summary>
    NotListed,

    /// <summary>One server answered one read with "not found". A partitioned node, and one that lags behind a write, do so too.</summary>
    NotServed,

    /// <summary>One server of a cluster reported its absence in every available way, once.</summary>
    OneServer,

    /// <summary>The only server that answers reported its absence in every available way, twice, seconds apart.</summary>
    OneServerTwice,

    /// <summary>Two servers reported its absence in every available way.</summary>
    TwoServers,

    /// <summary>A stand-alone server that was not restarted recently did not report it to a listener.</summary>
    LoneServer,

    /// <summary>The server reads directly from its database, so one answer is proof.</summary>
    OnlyView,

    /// <summary>This client removed it, and the server confirmed it.</summary>
    OwnRemoval,
}
