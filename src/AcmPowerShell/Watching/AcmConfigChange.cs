using System.Diagnostics.CodeAnalysis;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// A change of a configuration, as Watch-AcmConfig returns it, and the <c>$Event.SourceEventArgs</c> of a watcher's events. Immutable.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is also pipeline output, and PowerShell requires only the base class for event arguments.")]
public sealed class AcmConfigChange : EventArgs
{
    private readonly ConfigChange _change;

    // Not an enum of the engine: such a field would load the engine before the import of the module registers its assembly resolver.
    private readonly bool _isAdded;

    internal AcmConfigChange(ConfigChange change, bool isAdded)
    {
        _change = change;
        _isAdded = isAdded && change.Kind == ConfigChangeKind.Initial;
    }

    /// <summary>Gets the data ID.</summary>
    public string DataId => _change.DataId;

    /// <summary>Gets the group.</summary>
    public string Group => _change.Group;

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace => _change.Namespace;

    /// <summary>Gets the kind of change. Initial: the value at the start. Added: the value of a new name that matches a pattern. Changed: a new or changed value. Removed: the configuration was removed.</summary>
    public ConfigChangeKind Kind => _isAdded ? ConfigChangeKind.Added : _change.Kind;

    /// <summary>Gets the current content, decrypted. Null if the configuration was removed.</summary>
    public string? Content => _change.Content;

    /// <summary>Gets whether <see cref="Content"/> is the decrypted text of an encrypted configuration.</summary>
    public bool IsDecrypted => !string.Equals(Content, _change.RawContent, StringComparison.Ordinal);

    /// <summary>Gets the content of the previous change of this watcher, decrypted. Null if there was none.</summary>
    public string? PreviousContent => _change.PreviousContent;

    /// <summary>Gets the MD5 of the bytes on the wire, in lower-case hexadecimal. Null if the configuration was removed.</summary>
    public string? Md5 => _change.Md5;

    /// <summary>Gets the source of the value: a server, the failover folder or a snapshot.</summary>
    public ConfigSource Source => _change.Source;

    /// <summary>Gets when the change was detected.</summary>
    public DateTimeOffset TimeGenerated => _change.TimeGenerated;

    /// <summary>Gets why the value comes from a local copy. Null for a value of a server.</summary>
    public string? Warning => _change.Warning;

    /// <summary>Returns the stored text: the cipher text of an encrypted configuration. Null if the configuration was removed.</summary>
    public string? GetRawContent() => _change.RawContent;

    /// <summary>Returns kind and key, but not the content.</summary>
    public override string ToString() => Kind + " " + _change.Key;
}
