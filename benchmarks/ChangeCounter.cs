using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>A callback that counts changes.</summary>
/// <param name="keepContent">Whether to keep the newest content of each key.</param>
internal sealed class ChangeCounter(bool keepContent = true)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, string?> _newest = [];
    private TaskCompletionSource? _reached;
    private int _wanted;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets the <see cref="Stopwatch"/> timestamp of the last change.</summary>
    public long LastAt { get; private set; }

    /// <summary>Gets the number of changes without a new content.</summary>
    public int Repeats { get; private set; }

    public ValueTask TakeAsync(ConfigChange change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            LastAt = Stopwatch.GetTimestamp();
            string? content = change.Content;
            if (keepContent)
            {
                if (_newest.TryGetValue(change.DataId, out string? before) && before == content) Repeats++;
                _newest[change.DataId] = content;
            }

            _count++;
            if (_count >= _wanted) _reached?.TrySetResult();
        }

        return default;
    }

    public string? Newest(string dataId)
    {
        lock (_gate) return _newest.GetValueOrDefault(dataId);
    }

    /// <summary>Waits for a total number of changes.</summary>
    public async Task UntilAsync(int count)
    {
        Task reached;
        lock (_gate)
        {
            if (_count >= count) return;
            _wanted = count;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reached = _reached.Task;
        }

        await reached.WaitAsync(TimeSpan.FromMinutes(2));
    }
}
