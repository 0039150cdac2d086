using Acm.Tests.Pester;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Acm.Tests.Support.LongestFirst))]

namespace Acm.Tests.Support;

/// <summary>
/// Begins with what takes longest, so that a run does not end with one of them while all else is done. The suites of Pester run in a process of their own: it starts first, and the tests that wait for
/// it come last.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [".GrpcTransportsTests", ProfilesCollection.Name, ".ExampleTests", ".ClusterRulesTests", ".ExportCommandTests", ".GrpcWatchTests", ".ChaosTests", ".GitHubActionTests"];

    /// <inheritdoc />
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        if (testCollections.Any(IsSuiteRun)) _ = SuiteRun.All;
        return [.. testCollections.OrderBy(Rank).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];
    }

    private static bool IsSuiteRun<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection => collection.TestCollectionDisplayName == nameof(SuiteRun);

    // The default collection of a class is named after the class and its ID; others have the name of their definition.
    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        if (IsSuiteRun(collection)) return int.MaxValue;

        int rank = Array.FindIndex(Longest, name => collection.TestCollectionDisplayName == name || collection.TestCollectionDisplayName.Contains(name + " ", StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
