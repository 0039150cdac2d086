using Acm.Tests.Support;
using Acm.Tests.Watching.Chaos;

namespace Acm.Tests.Watching;

/// <summary>Watchers, real servers, and faults between them.</summary>
public class ChaosTests
{
    [Theory]
    [InlineData("3", 2)]
    public async Task Whatever_happens_each_watcher_ends_on_what_is_stored_is_told_nothing_twice_and_says_how_it_goes(string generation, int seed)
    {
        using var files = new TemporaryFiles();

        (_, IReadOnlyList<string> wrong) = await PushChaos.RunSideBySideAsync(AcmServerProcess.ServerPath, files.Path, generation, seed, rounds: 10, lanes: 5);

        Assert.Empty(wrong);
    }
}
