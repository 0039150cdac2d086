using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance.Replaying;

/// <summary>The server under test.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Clock">The clock that it goes by.</param>
/// <param name="WatchPolls">Tells how many long polls it holds, with a task that completes when it is another number.</param>
internal sealed record ReplayTarget(IPEndPoint Address, FakeTimeProvider Clock, Func<(int Count, Task Change)> WatchPolls)
{
    /// <summary>The gRPC port; null where there is none, so that nothing of gRPC is sent.</summary>
    public Uri? Grpc { get; init; }
}
