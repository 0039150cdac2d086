using System.Diagnostics;
using System.Globalization;
using Acm.Tests.Watching.Chaos;

namespace Acm.Benchmarks;

/// <summary>200 rounds of faults between watchers and servers; the tests do ten. A lane ends with the first round that goes wrong, and what was wrong is told.</summary>
internal static class PushRounds
{
    private const int Rounds = 200;
    private const int Lanes = 5;
    private const int Seed = 1;

    /// <param name="rounds">How many; 200 without it.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? rounds)
    {
        int count = rounds is null ? Rounds : int.Parse(rounds, CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        long start = Stopwatch.GetTimestamp();
        (int contents, IReadOnlyList<string> wrong) = await PushChaos.RunSideBySideAsync(Staged.Server, folder.Path, "3", Seed, count, Lanes);
        string detail = FormattableString.Invariant($"{contents} contents, {Lanes} lanes, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s. {string.Join(" ", wrong)}");
        return [new Figure(FormattableString.Invariant($"{count} rounds of faults, gone wrong"), wrong.Count, 1, "rounds", detail)];
    }
}
