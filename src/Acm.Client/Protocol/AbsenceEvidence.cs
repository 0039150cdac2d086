namespace Acm.Client.Protocol;

/// <summary>What there is to show that a configuration does not exist. What may be concluded from each is in <see cref="AbsenceRules"/>.</summary>
internal enum AbsenceEvidence
{
    /// <summary>No server answered, or each with an error of its own: a server without a leader, one that is starting.</summary>
    NoAnswer,

    /// <summary>A server has it, or names it in the answer to a listen although its read denied it. Nodes of a cluster that was started cold do that for minutes.</summary>
    Contradicted,

    /// <summary>A list or an export does not have it.</summary>
    NotListed,

    /// <summary>One server answered one read with "not found". A node that is cut off, and one that lags behind a write, say so too.</summary>
    NotServed,

    /// <summary>One server of a cluster denied it in every way that it can be asked, once.</summary>
    OneServer,

    /// <summary>The only server that answers denied it in every way that it can be asked, twice, seconds apart.</summary>
    OneServerTwice,

    /// <summary>Two servers denied it in every way that they can be asked.</summary>
    TwoServers,

    /// <summary>The only server, which is alone and was not restarted a moment ago, did not name it in the answer to a listen.</summary>
    LoneServer,

    /// <summary>The server answers reads from what is stored, so that one answer is proof.</summary>
    OnlyView,

    /// <summary>This client removed it, and the server said so.</summary>
    OwnRemoval,
}
