using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>A link to one server, for one try. How requests are sent is defined by the dialect's links.</summary>
internal interface IServerLink
{
    ServerAddress Server { get; }

    /// <summary>Gets the log of the call.</summary>
    CallLog Log { get; }

    /// <summary>Gets whether requests are sent without credentials.</summary>
    bool IsAnonymous { get; }

    /// <summary>Gets the server's time in its last response; null if unknown.</summary>
    DateTimeOffset? ServerTime { get; }
}
