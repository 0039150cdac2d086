namespace Acm.Client.Watching.Feeds;

/// <summary>
/// Tells which of some keys of one namespace changed on the servers; how it learns that is its own affair. One caller at a time: keys are added, updated and removed between two waits, never during one.
/// </summary>
internal interface IChangeFeed : IDisposable
{
    /// <summary>How it learns of changes.</summary>
    AcmWatchTransport Transport { get; }

    /// <summary>What it last heard; null before. May be asked for at any time.</summary>
    FeedContact? Contact { get; }

    /// <summary>The most keys that it takes.</summary>
    int MaxKeys { get; }

    /// <summary>The most keys with which a wait is interrupted to add one more. With more keys the interruption costs more than a feed for the newcomer.</summary>
    int MaxKeysToInterrupt { get; }

    /// <summary>Whether keys were added that are still to be asked about, so that the next wait ends as soon as the servers answer.</summary>
    bool HasUnchecked { get; }

    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="md5">MD5 of the value that the client has (32 hex digits); null where it has none.</param>
    /// <param name="isChecked">Whether a server has told that MD5, or that there is no value.</param>
    /// <returns>The place of the key, by which it is updated and removed.</returns>
    int Add(ConfigKey key, string? md5, bool isChecked);

    /// <summary>Sets what the client has of the key at a place now.</summary>
    void Update(int place, string? md5, bool isChecked);

    /// <summary>Removes the key at a place. The place may be given to a later key.</summary>
    void Remove(int place);

    /// <summary>Waits until keys have changed, until the servers have answered for those that were not checked yet, or until there is something else to tell. A failure is an answer, too.</summary>
    /// <param name="isRecovering">Whether watching has failed, so that an answer about all keys is needed at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FeedAnswer> WaitAsync(bool isRecovering, CancellationToken cancellationToken);
}
