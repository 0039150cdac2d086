using System.Runtime.CompilerServices;

namespace Acm.Client.Watching.Feeds;

/// <summary>The reason why another transport stands in for the push, from the first refusal until a server keeps pushing, and the logs that it was written to. Thread-safe.</summary>
internal sealed class PushFallBack
{
    private readonly ConditionalWeakTable<IAcmLog, object> _told = new();
    private volatile string _reason;

    /// <param name="reason">Why no server pushes, and what to do.</param>
    /// <param name="isNews">Whether a warning is written. A version that cannot push is no reason for one.</param>
    public PushFallBack(string reason, bool isNews)
    {
        _reason = reason;
        IsNews = isNews;
    }

    /// <summary>Gets or sets why no server pushes, and what to do.</summary>
    public string Reason
    {
        get => _reason;
        set => _reason = value;
    }

    /// <summary>Gets whether a warning is written.</summary>
    public bool IsNews { get; }

    /// <summary>Returns whether the reason is still to be written to a log, and notes that it was. False for null.</summary>
    public bool TryTell(IAcmLog? log)
    {
        if (!IsNews || log is null) return false;

        lock (_told)
        {
            if (_told.TryGetValue(log, out _)) return false;

            _told.Add(log, _told);
            return true;
        }
    }
}
