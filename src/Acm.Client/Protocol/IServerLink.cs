using Acm.Client.Http;

namespace Acm.Client.Protocol;

/// <summary>The way to one server, for one try. What travels over it is between the dialect's operations and the links that they are made for.</summary>
internal interface IServerLink
{
    ServerAddress Server { get; }

    /// <summary>The server's time at its last answer; null where it did not tell.</summary>
    DateTimeOffset? ServerTime { get; }
}
