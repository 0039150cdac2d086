using System.Globalization;

namespace Acm.Server.Storage;

/// <summary>The current value of a key. Immutable but for the content, which the cache may let go and the journal can give back.</summary>
internal sealed class ConfigEntry
{
    private string? _lastModified;

    /// <summary>The number of the change in the history that holds the content.</summary>
    public required long Revision { get; init; }

    /// <summary>Lower-case hex, over the stored bytes.</summary>
    public required string Md5 { get; init; }

    public required int Length { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary><c>GBK</c>, or <c>UTF-8</c> where the publisher said so.</summary>
    public required string Charset { get; init; }

    public string AppName { get; init; } = "";

    public string? EncryptedDataKey { get; init; }

    /// <summary>Null when it is on disk only.</summary>
    public byte[]? Content { get; set; }

    /// <summary>Set by each read, cleared by the cache as its hand passes.</summary>
    public bool RecentlyRead { get; set; }

    public LinkedListNode<ConfigEntry>? CacheNode { get; set; }

    /// <summary>As an HTTP date.</summary>
    public string LastModified => _lastModified ??= ModifiedAt.ToString("R", CultureInfo.InvariantCulture);
}
