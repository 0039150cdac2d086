using System.Diagnostics.CodeAnalysis;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// One change of one configuration: what Watch-AcmConfig writes, and <c>$Event.SourceEventArgs</c> of a watcher's events. Immutable.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "It goes down the pipeline as well, and PowerShell finds an event's arguments by the base class alone.")]
public sealed class AcmConfigChange : EventArgs
{
    private readonly ConfigChange _change;

    // A field of an engine's enum would need the engine when the type is loaded, which is before the module's import has found it.
    private readonly bool _isAdded;

    internal AcmConfigChange(ConfigChange change, bool isAdded)
    {
        _change = change;
        _isAdded = isAdded && change.Kind == ConfigChangeKind.Initial;
    }

    /// <summary>The data id.</summary>
    public string DataId => _change.DataId;

    /// <summary>The group.</summary>
    public string Group => _change.Group;

    /// <summary>The namespace; empty for the blank one.</summary>
    public string Namespace => _change.Namespace;

    /// <summary>Initial: the value that was there at the start. Added: the value of a name that matches a pattern and came later. Changed: another value, or one where there was none. Removed: there is none any more.</summary>
    public ConfigChangeKind Kind => _isAdded ? ConfigChangeKind.Added : _change.Kind;

    /// <summary>The content now, decrypted where it is encrypted; null where the configuration was removed.</summary>
    public string? Content => _change.Content;

    /// <summary>Whether <see cref="Content"/> is the plain text of a configuration that the servers hold encrypted.</summary>
    public bool IsDecrypted => !string.Equals(Content, _change.RawContent, StringComparison.Ordinal);

    /// <summary>The content that this watcher was told before, decrypted; null where it was told none.</summary>
    public string? PreviousContent => _change.PreviousContent;

    /// <summary>MD5 of the bytes on the wire, in lower-case hex; null where the configuration was removed.</summary>
    public string? Md5 => _change.Md5;

    /// <summary>Whether a server, the failover folder or a snapshot gave the value.</summary>
    public ConfigSource Source => _change.Source;

    /// <summary>When the change was noticed.</summary>
    public DateTimeOffset TimeGenerated => _change.TimeGenerated;

    /// <summary>Why a local copy gave the value, and how far it is to be trusted; null where a server did.</summary>
    public string? Warning => _change.Warning;

    /// <summary>Returns the text as the server holds it: cipher text where the configuration is encrypted; null where it was removed.</summary>
    public string? GetRawContent() => _change.RawContent;

    /// <summary>Kind and key, never the content.</summary>
    public override string ToString() => Kind + " " + _change.Key;
}
