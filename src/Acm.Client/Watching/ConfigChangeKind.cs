namespace Acm.Client;

/// <summary>The kind of a change event.</summary>
public enum ConfigChangeKind
{
    /// <summary>The value at the start of the watcher.</summary>
    Initial,

    /// <summary>The value changed, or the configuration was created.</summary>
    Changed,

    /// <summary>The configuration was removed.</summary>
    Removed,

    /// <summary>A configuration that matches a watched pattern was created after the start of the watcher.</summary>
    Added,
}
