using System.Collections.Concurrent;
using System.Globalization;
using Acm.Conformance.Comparing;
using Acm.Conformance.Recordings;
using Acm.Conformance.Replaying;

namespace Acm.Conformance;

/// <summary>Our server answers the recorded requests as the real ones did, but for the differences that are wanted.</summary>
public class ConformanceTests(ITestOutputHelper output)
{
    public static readonly string[] Versions = ["1.4.8", "1.4.8-auth", "1.4.8-ttl", "2.5.1", "2.5.1-auth", "2.5.1-ttl", "3.0.3", "3.0.3-auth", "3.0.3-ttl"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<StepResult>>>> Results = new(StringComparer.Ordinal);

    public static TheoryData<string> AllVersions => [.. Versions];

    [Theory]
    [MemberData(nameof(AllVersions))]
    public async Task The_server_answers_as_the_recorded_one(string version)
    {
        IReadOnlyList<StepResult> steps = await ResultAsync(version);

        output.WriteLine(Summary(version, steps));
        IReadOnlyList<string> unwanted = WantedDifferences.Load().Unwanted(version, steps);
        Assert.True(unwanted.Count == 0, $"{unwanted.Count} differences:\n{string.Join('\n', unwanted)}");
    }

    [Fact]
    public async Task Each_wanted_difference_is_there()
    {
        // Side by side: a recording has polls that are held for a time.
        IReadOnlyList<StepResult>[] results = await Task.WhenAll(Versions.Select(version => Task.Run(() => ResultAsync(version))));
        (string Version, StepResult Step)[] steps = [.. Versions.Zip(results).SelectMany(pair => pair.Second.Select(step => (pair.First, step)))];

        IReadOnlyList<string> unused = WantedDifferences.Load().Unused(steps);
        Assert.True(unused.Count == 0, $"No difference needs these lines:\n{string.Join('\n', unused)}");
    }

    // Both tests look at the same answers.
    private static Task<IReadOnlyList<StepResult>> ResultAsync(string version) =>
        Results.GetOrAdd(version, static v => new Lazy<Task<IReadOnlyList<StepResult>>>(() => CompareAsync(v))).Value;

    /// <summary>All steps of a recording, but those over gRPC and those of the console's own port.</summary>
    private static async Task<IReadOnlyList<StepResult>> CompareAsync(string version)
    {
        Recording real = Recording.Load(version);
        real.RemoveFamily("grpc");
        foreach ((_, List<Row> rows) in real.Families) rows.RemoveAll(row => row.Request?.Text("target") == "console");

        await using NacosServer server = await NacosServer.StartAsync(version, NacosServer.StartOf(real));
        Recording ours = await Replayer.ReplayAsync(real, server.Target);
        return Comparison.Compare(real, ours);
    }

    private static string Summary(string version, IReadOnlyList<StepResult> steps)
    {
        int Count(Verdict verdict) => steps.Count(step => step.Verdict == verdict);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{version}: {steps.Count} steps: {Count(Verdict.Equal)} equal, {Count(Verdict.Soft)} soft, {Count(Verdict.Different)} different, {Count(Verdict.Missing)} missing");
    }
}
