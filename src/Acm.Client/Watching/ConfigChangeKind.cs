namespace Acm.Client;

/// <summary>What a watcher is told of a configuration.</summary>
public enum ConfigChangeKind
{
    /// <summary>The value that was there when the watcher began.</summary>
    Initial,

    /// <summary>The value is another one than before, or there is one where there was none.</summary>
    Changed,

    /// <summary>There is no value any more.</summary>
    Removed,

    /// <summary>The value of a configuration that matches a watched pattern and did not exist when the watcher began.</summary>
    Added,
}
