using System.Globalization;
using Acm.Tests.Watching.Chaos;

namespace Acm.Benchmarks;

/// <summary>200 rounds of faults between watchers and servers; the tests do ten. A round that goes wrong ends the benchmark with what was wrong.</summary>
internal static class PushRounds
{
    private const int Rounds = 200;
    private const int Seed = 1;

    /// <param name="rounds">How many; 200 without it.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? rounds)
    {
        int count = rounds is null ? Rounds : int.Parse(rounds, CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        await using PushChaos chaos = await PushChaos.StartAsync(Staged.Server, Path.Combine(folder.Path, "data.db"), "3", Seed);
        string error = "";
        double time = await Timing.MillisecondsAsync(async () =>
        {
            try
            {
                await chaos.RunAsync(count);
            }
            catch (InvalidOperationException e)
            {
                error = e.Message;
            }
        });
        string detail = FormattableString.Invariant($"{chaos.Contents} contents, {time / 1000:0} s. {error}");
        return [new Figure(FormattableString.Invariant($"{count} rounds of faults, gone wrong"), error.Length > 0 ? 1 : 0, 1, "rounds", detail)];
    }
}
