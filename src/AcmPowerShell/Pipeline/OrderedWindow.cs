using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Runs items in parallel across records and writes their results in the order of the input.
/// </summary>
/// <param name="pipeline">The output of the command.</param>
internal sealed class OrderedWindow(PipelineWriter pipeline)
{
    private readonly Queue<Task<Outcome>> _running = new();

    /// <summary>Starts an item once fewer than <paramref name="limit"/> are in flight, and writes the finished results at the head.</summary>
    /// <param name="start">Starts the item.</param>
    /// <param name="limit">At least 1. With 1, the result is written before this method returns.</param>
    internal async Task AddAsync(Func<Task<Outcome>> start, int limit)
    {
        while (_running.Count >= limit) await WriteHeadAsync().ConfigureAwait(false);
        _running.Enqueue(start());
        while (_running.Count > 0 && (limit == 1 || _running.Peek().IsCompleted)) await WriteHeadAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for all items.</summary>
    internal async Task DrainAsync()
    {
        while (_running.Count > 0) await WriteHeadAsync().ConfigureAwait(false);
    }

    private async Task WriteHeadAsync()
    {
        Outcome outcome = await _running.Dequeue().ConfigureAwait(false);
        if (outcome.Warning is not null) pipeline.WriteWarning(outcome.Warning);
        if (outcome.Error is not null) await pipeline.WriteErrorAsync(outcome.Error).ConfigureAwait(false);
        if (outcome.Output is not null) await pipeline.WriteObjectAsync(outcome.Output).ConfigureAwait(false);
        foreach (object output in outcome.Outputs ?? []) await pipeline.WriteObjectAsync(output).ConfigureAwait(false);
    }
}

/// <summary>The result of an item: output, error and warning.</summary>
internal readonly record struct Outcome(object? Output = null, ErrorRecord? Error = null, string? Warning = null, IReadOnlyList<object>? Outputs = null);
