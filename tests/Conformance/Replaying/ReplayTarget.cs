using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance.Replaying;

/// <summary>The server under test.</summary>
/// <param name="Address">The address of the server.</param>
/// <param name="Clock">The clock of the server.</param>
/// <param name="WatchPolls">Returns the number of held long polls, and a task that completes when it changes.</param>
internal sealed record ReplayTarget(IPEndPoint Address, FakeTimeProvider Clock, Func<(int Count, Task Change)> WatchPolls)
{
    /// <summary>Gets the gRPC address; null if there is none, so that no gRPC requests are sent.</summary>
    public Uri? Grpc { get; init; }
}
