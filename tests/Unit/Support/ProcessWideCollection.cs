namespace Acm.Tests.Support;

/// <summary>Tests that change what the whole process shares, such as its proxy or current directory: they run alone, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "process-wide";
}
