using System.Globalization;

namespace Acm.Server.Storage;

/// <summary>The current value of a key. Immutable but for the content, which the cache may let go and the journal can give back.</summary>
internal sealed class ConfigEntry
{
    private string? _lastModified;

    /// <summary>The number of the change in the history that holds the content.</summary>
    public required long Revision { get; init; }

    /// <summary>Names the configuration from its creation to its removal.</summary>
    public long Id { get; init; }

    /// <summary>Lower-case hex, over the stored bytes.</summary>
    public required string Md5 { get; init; }

    public required int Length { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>What the stored bytes are: see <see cref="Charsets"/>.</summary>
    public required string Charset { get; init; }

    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Who made the last change, as far as the dialect knows.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>The address from which it came.</summary>
    public string ModifiedFrom { get; init; } = "";

    /// <summary>Null for the formal version.</summary>
    public GrayRule? Rule { get; init; }

    /// <summary>A gray version whose formal one was removed: kept, and served again when that comes back.</summary>
    public bool IsDormant { get; set; }

    /// <summary>The MD5 in the other charset, once somebody asked for it.</summary>
    public string? OtherMd5 { get; set; }

    /// <summary>Null when it is on disk only.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Set by each read, cleared by the cache as its hand passes.</summary>
    public bool RecentlyRead { get; set; }

    public LinkedListNode<ConfigEntry>? CacheNode { get; set; }

    /// <summary>As an HTTP date.</summary>
    public string LastModified => _lastModified ??= ModifiedAt.ToString("R", CultureInfo.InvariantCulture);
}
