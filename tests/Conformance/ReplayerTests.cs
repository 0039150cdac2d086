using Acm.Conformance.Comparing;
using Acm.Conformance.Recordings;
using Acm.Conformance.Replaying;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Conformance;

public class ReplayerTests
{
    [Theory]
    [InlineData("1.4.8")]
    [InlineData("3.0.3-auth")]
    [InlineData("2.5.1-ttl")]
    public async Task A_server_that_answers_as_recorded_is_found_equal(string version)
    {
        Recording real = Recording.Load(version);
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(real.AllRows.Min(row => row.At - (row.Elapsed / 1000)) - 1));
        using var server = new RecordedServer(real, clock);

        Recording ours = await Replayer.ReplayAsync(real, new ReplayTarget(server.Address, clock, server.WatchPolls));

        // The recording does not contain long bodies, so this server cannot send them.
        IReadOnlyList<StepResult> steps = Comparison.Compare(real, ours, step => !step.StartsWith("grpc/", StringComparison.Ordinal) && !step.Contains("/v1.publish_huge/get", StringComparison.Ordinal));
        string[] lines = [.. steps.Where(step => step.Verdict != Verdict.Equal && !step.Step.Contains("console", StringComparison.Ordinal)).SelectMany(step => step.Lines())];
        Assert.True(lines.Length == 0, string.Join('\n', lines));
    }
}
