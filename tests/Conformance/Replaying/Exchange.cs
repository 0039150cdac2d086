using System.Net;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;

namespace Acm.Conformance.Replaying;

/// <summary>A replayed request and its response. Times are those of the server's clock.</summary>
internal sealed class Exchange(Row real, DateTimeOffset begin)
{
    public Row Real { get; } = real;

    public DateTimeOffset Begin { get; } = begin;

    public DateTimeOffset End { get; private set; }

    public JsonMap Response { get; private set; } = new();

    public byte[] Body { get; private set; } = [];

    /// <summary>Gets a task that completes when the response was read.</summary>
    public Task Task { get; private set; } = Task.CompletedTask;

    public bool IsOver => Task.IsCompleted;

    /// <summary>Gets the keys in a poll's response.</summary>
    public List<object?> ChangedKeys() =>
        [.. WebUtility.UrlDecode(Response.Text("body") ?? "").Trim('\n', '\r', ' ').Split('\u0001', StringSplitOptions.RemoveEmptyEntries)
            .Select(object? (key) => key.Split('\u0002').ToList<object?>())];

    public void Run(ReplayTarget target, byte[] request) => Task = RunAsync(target, request);

    private async Task RunAsync(ReplayTarget target, byte[] request)
    {
        (Response, Body) = await RecordedAnswer.ExchangeAsync(target.Address, Real.Request!.Text("method")!, request);
        End = target.Clock.GetUtcNow();
    }
}
