using Acm.Client.Watching;

namespace Acm.Client;

/// <summary>One change of one configuration, as one watcher is told it. Immutable and thread-safe.</summary>
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

    /// <summary>Group and data id.</summary>
    public ConfigKey Key { get; }

    /// <summary>The data id.</summary>
    public string DataId => Key.DataId;

    /// <summary>The group.</summary>
    public string Group => Key.Group;

    /// <summary>The namespace; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>Whether the value was there at the beginning, changed, or went away.</summary>
    public ConfigChangeKind Kind { get; }

    /// <summary>The content now, decrypted where it is encrypted. Null where <see cref="Kind"/> is <see cref="ConfigChangeKind.Removed"/>, and only there: empty content is content.</summary>
    public string? Content => _content.Value;

    /// <summary>The text as the server holds it: cipher text where the configuration is encrypted. Null where it was removed.</summary>
    public string? RawContent => _value is { IsDecrypted: true } ? _value.RawContent : Content;

    /// <summary>The content that this watcher was told before, decrypted; null where it was told none.</summary>
    public string? PreviousContent => _previousContent.Value;

    /// <summary>MD5 of the bytes of the value in lower-case hex; null where it was removed.</summary>
    public string? Md5 => _value?.Md5;

    /// <summary>MD5 of the bytes of the value that this watcher was told before; null where it was told none.</summary>
    public string? PreviousMd5 => _previous?.Md5;

    /// <summary>Whether a server, the failover folder or a snapshot gave the value.</summary>
    public ConfigSource Source => _value?.Source ?? ConfigSource.Server;

    /// <summary>When this was told to the watcher.</summary>
    public DateTimeOffset TimeGenerated { get; }

    /// <summary>Why a local copy gave the value and how far it is to be trusted; null where a server did.</summary>
    public string? Warning => _value?.Warning;

    /// <summary>The value that this watcher was told before; null where it was told none.</summary>
    internal WatchedValue? PreviousValue => _previous;

    /// <summary>Kind and key, never content.</summary>
    public override string ToString() => Kind + " " + Key;
}
