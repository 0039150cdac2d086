using System.Collections.Concurrent;

namespace Acm.Tests.StandIns.Nacos;

/// <summary>What the database of a cluster holds, and held before: what really happened, by which a test judges what it was told.</summary>
internal sealed class ClusterState
{
    private readonly object _gate = new();
    private readonly Dictionary<string, List<StoredVersion>> _history = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = NewSignal();
    private int _number;

    /// <summary>Content that was refused and is served all the same; a publish of its key ends that.</summary>
    public ConcurrentDictionary<string, StoredVersion> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether refused content is served, as clusters of 2.x with embedded storage do.</summary>
    public bool ServesRefused { get; set; }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate) return [.. _history.Where(pair => pair.Value[^1].Content is not null).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Ends at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate) return _changed.Task;
        }
    }

    /// <summary>The value that is stored; null where there is none.</summary>
    public StoredVersion? Stored(string dataId)
    {
        lock (_gate) return _history.TryGetValue(dataId, out List<StoredVersion>? versions) && versions[^1].Content is not null ? versions[^1] : null;
    }

    /// <summary>All that a configuration was, with its removals.</summary>
    public IReadOnlyList<StoredVersion> History(string dataId)
    {
        lock (_gate) return _history.TryGetValue(dataId, out List<StoredVersion>? versions) ? [.. versions] : [];
    }

    /// <summary>The whole of it as it is now.</summary>
    public IReadOnlyDictionary<string, StoredVersion> Freeze()
    {
        lock (_gate) return _history.Where(pair => pair.Value[^1].Content is not null).ToDictionary(pair => pair.Key, pair => pair.Value[^1], StringComparer.Ordinal);
    }

    /// <summary>Stores a value; null removes it.</summary>
    /// <param name="dataId">The data ID.</param>
    /// <param name="content">The content.</param>
    /// <param name="by">The writer.</param>
    /// <param name="casMd5">The expected MD5; null for any. An absent configuration is created.</param>
    /// <returns>Whether it was stored.</returns>
    public bool Write(string dataId, string? content, string by = "test", string? casMd5 = null)
    {
        lock (_gate)
        {
            if (!_history.TryGetValue(dataId, out List<StoredVersion>? versions)) _history[dataId] = versions = [];
            if (casMd5 is not null && versions.Count > 0 && versions[^1].Content is not null && versions[^1].Md5 != casMd5)
            {
                if (ServesRefused) Refused[dataId] = new StoredVersion(++_number, content, by);
                Wake();
                return false;
            }

            versions.Add(new StoredVersion(++_number, content, by));
            Refused.TryRemove(dataId, out _);
            Wake();
            return true;
        }
    }

    /// <summary>Ends the polls that hang, whether or not something changed.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            // Outside the lock, because waiting tests read this state.
            TaskCompletionSource woken = _changed;
            _changed = NewSignal();
            Task.Run(woken.SetResult);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
