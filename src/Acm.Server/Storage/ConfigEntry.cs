using System.Globalization;

namespace Acm.Server.Storage;

/// <summary>The current value of a key. Immutable except for the content, which the cache may evict and reload from the journal.</summary>
internal sealed class ConfigEntry
{
    private string? _lastModified;

    /// <summary>Gets the revision with the content.</summary>
    public required long Revision { get; init; }

    /// <summary>Gets the ID of the configuration, which is stable from its creation to its removal.</summary>
    public long Id { get; init; }

    /// <summary>Gets the MD5 of the stored bytes in lowercase hexadecimal digits.</summary>
    public required string Md5 { get; init; }

    public required int Length { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Gets the charset of the stored bytes; see <see cref="Charsets"/>.</summary>
    public required string Charset { get; init; }

    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets the user of the last change; null if unknown.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>Gets the client address of the last change.</summary>
    public string ModifiedFrom { get; init; } = "";

    /// <summary>Gets the rule of a gray version; null for the formal version.</summary>
    public GrayRule? Rule { get; init; }

    /// <summary>Gets or sets whether this is a gray version without a formal one; it is served again once the formal version is published again.</summary>
    public bool IsDormant { get; set; }

    /// <summary>Gets or sets the cached MD5 in the other charset.</summary>
    public string? OtherMd5 { get; set; }

    /// <summary>Gets or sets the cached content; null if it is only on disk.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Gets or sets the reference bit of the cache: set by each read, cleared by the eviction.</summary>
    public bool RecentlyRead { get; set; }

    public LinkedListNode<ConfigEntry>? CacheNode { get; set; }

    /// <summary>Gets the time of the last change as an HTTP date.</summary>
    public string LastModified => _lastModified ??= ModifiedAt.ToString("R", CultureInfo.InvariantCulture);
}
