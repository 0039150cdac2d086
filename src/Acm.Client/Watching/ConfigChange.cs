using Acm.Client.Watching;

namespace Acm.Client;

/// <summary>A change of a configuration, as a watcher reports it. Immutable and thread-safe.</summary>
public sealed class ConfigChange
{
    private readonly WatchedValue? _value;
    private readonly WatchedValue? _previous;
    private readonly Lazy<string?> _content;
    private readonly Lazy<string?> _previousContent;

    internal ConfigChange(ConfigKey key, string @namespace, ConfigChangeKind kind, WatchedValue? value, WatchedValue? previous, DateTimeOffset timeGenerated)
    {
        Key = key;
        Namespace = @namespace;
        Kind = kind;
        TimeGenerated = timeGenerated;
        _value = value;
        _previous = previous;
        _content = new Lazy<string?>(() => _value?.Content);
        _previousContent = new Lazy<string?>(() => _previous?.Content);
    }

    /// <summary>Gets group and data ID.</summary>
    public ConfigKey Key { get; }

    /// <summary>Gets the data ID.</summary>
    public string DataId => Key.DataId;

    /// <summary>Gets the group.</summary>
    public string Group => Key.Group;

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public string Namespace { get; }

    /// <summary>Gets the kind of change.</summary>
    public ConfigChangeKind Kind { get; }

    /// <summary>Gets the new content, decrypted if it is stored encrypted. Null only if <see cref="Kind"/> is <see cref="ConfigChangeKind.Removed"/>; content may be empty.</summary>
    public string? Content => _content.Value;

    /// <summary>Gets the new content as stored, which is cipher text if it is encrypted; null after a removal.</summary>
    public string? RawContent => _value is { IsDecrypted: true } ? _value.RawContent : Content;

    /// <summary>Gets the content that this watcher reported before, decrypted; null if there was none.</summary>
    public string? PreviousContent => _previousContent.Value;

    /// <summary>Gets the MD5 of the stored bytes in lower-case hexadecimal; null after a removal.</summary>
    public string? Md5 => _value?.Md5;

    /// <summary>Gets the MD5 of the value that this watcher reported before; null if there was none.</summary>
    public string? PreviousMd5 => _previous?.Md5;

    /// <summary>Gets whether the value comes from a server, the failover folder or a snapshot.</summary>
    public ConfigSource Source => _value?.Source ?? ConfigSource.Server;

    /// <summary>Gets when the change was reported.</summary>
    public DateTimeOffset TimeGenerated { get; }

    /// <summary>Gets why the value is a local copy and may be stale; null for a server's value.</summary>
    public string? Warning => _value?.Warning;

    /// <summary>Gets the value that this watcher reported before; null if there was none.</summary>
    internal WatchedValue? PreviousValue => _previous;

    /// <summary>Returns kind and key, never the content.</summary>
    public override string ToString() => Kind + " " + Key;
}
