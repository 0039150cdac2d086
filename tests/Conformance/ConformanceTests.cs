using System.Globalization;
using Acm.Conformance.Comparing;
using Acm.Conformance.Recordings;
using Acm.Conformance.Replaying;

namespace Acm.Conformance;

/// <summary>The server responds to the recorded requests like the real servers, except for the intended differences.</summary>
public class ConformanceTests(ITestOutputHelper output)
{
    public static readonly string[] Versions = ["1.4.8", "1.4.8-auth", "1.4.8-ttl", "2.5.1", "2.5.1-auth", "2.5.1-ttl", "3.0.3", "3.0.3-auth", "3.0.3-ttl", "3.2", "3.2-auth", "3.2-ttl"];

    // All at once, because each recording has its own server, clock and held polls. All tests share the responses.
    private static readonly Lazy<Dictionary<string, Task<Replay>>> Replays = new(() => Versions.ToDictionary(version => version, version => Task.Run(() => CompareAsync(version)), StringComparer.Ordinal));

    public static TheoryData<string> AllVersions => [.. Versions];

    [Theory]
    [MemberData(nameof(AllVersions))]
    public async Task The_server_answers_as_the_recorded_one(string version)
    {
        IReadOnlyList<StepResult> steps = (await ReplayAsync(version)).Steps;

        output.WriteLine(Summary(version, steps));
        IReadOnlyList<string> unwanted = WantedDifferences.Load().Unwanted(version, steps);
        Assert.True(unwanted.Count == 0, $"{unwanted.Count} differences:\n{string.Join('\n', unwanted)}");
    }

    [Fact]
    public async Task Each_wanted_difference_is_there()
    {
        Replay[] replays = await Task.WhenAll(Versions.Select(ReplayAsync));
        (string Version, StepResult Step)[] steps = [.. Versions.Zip(replays).SelectMany(pair => pair.Second.Steps.Select(step => (pair.First, step)))];

        IReadOnlyList<string> unused = WantedDifferences.Load().Unused(steps);
        Assert.True(unused.Count == 0, $"No difference needs these lines:\n{string.Join('\n', unused)}");
    }

    [Theory]
    [InlineData("3.2")]
    [InlineData("3.2-auth")]
    public async Task The_newest_generation_finds_none_of_the_older_calls(string version)
    {
        Recording ours = (await ReplayAsync(version)).Ours;

        Assert.Empty(Newest.Found(ours));
        Assert.InRange(Newest.CountOlderCalls(ours), 200, int.MaxValue);
    }

    private static Task<Replay> ReplayAsync(string version) => Replays.Value[version];

    /// <summary>All steps of a recording, but those of the console's own port, and those over gRPC where the generation has none or is judged by another one.</summary>
    private static async Task<Replay> CompareAsync(string version)
    {
        Recording real = Newest.Is(version) ? Newest.Load(version) : Recording.Load(version);
        if (version.StartsWith('1') || Newest.Is(version)) real.RemoveFamily("grpc");
        foreach ((_, List<Row> rows) in real.Families) rows.RemoveAll(row => row.Request?.Text("target") == "console");

        await using NacosServer server = await NacosServer.StartAsync(version, NacosServer.StartOf(real));
        Recording ours = await Replayer.ReplayAsync(real, server.Target);
        return new Replay(ours, Newest.Is(version) ? Comparison.Compare(Newest.WithoutOlderCalls(real), Newest.WithoutOlderCalls(ours)) : Comparison.Compare(real, ours));
    }

    private static string Summary(string version, IReadOnlyList<StepResult> steps)
    {
        int Count(Verdict verdict) => steps.Count(step => step.Verdict == verdict);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{version}: {steps.Count} steps: {Count(Verdict.Equal)} equal, {Count(Verdict.Soft)} soft, {Count(Verdict.Different)} different, {Count(Verdict.Missing)} missing");
    }

    /// <summary>The responses of the server under test, and the result of the comparison.</summary>
    private sealed record Replay(Recording Ours, IReadOnlyList<StepResult> Steps);
}
