using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>The way to one server, for one try. What travels over it is between the dialect's operations and the links that they are made for.</summary>
internal interface IServerLink
{
    ServerAddress Server { get; }

    /// <summary>Where its lines go.</summary>
    CallLog Log { get; }

    /// <summary>Whether the server is told nothing of who asks.</summary>
    bool IsAnonymous { get; }

    /// <summary>The server's time at its last answer; null where it did not tell.</summary>
    DateTimeOffset? ServerTime { get; }
}
