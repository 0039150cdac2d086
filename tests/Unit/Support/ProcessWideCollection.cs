namespace Acm.Tests.Support;

/// <summary>The collection of tests that change process-wide state, such as the proxy or current directory. They run alone, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "process-wide";
}
