using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Progress of a command, once it takes longer than half a second, a few times a second. It is never on the screen while the command writes: PowerShell's console host hangs when
/// Ctrl+C comes while rows are written under a progress bar (PowerShell issue 12814).
/// </summary>
internal sealed class ProgressReporter(PSCmdlet cmdlet)
{
    private const int BaseActivityId = 0x41434D;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Below this a rate is mostly chance.</summary>
    private static readonly TimeSpan LeastForRate = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _counting;
    private TimeSpan _due = Patience;
    private bool _shown;
    private bool _finished;
    private int _done;

    /// <summary>What the command does, as people call it; null for no progress.</summary>
    internal string? Activity { get; set; }

    /// <summary>How many of its items are to be done; null where more may come.</summary>
    internal int? Total { get; set; }

    /// <summary>What is being done now. Set from any thread.</summary>
    internal string? Current { get; set; }

    /// <summary>Counts an item. From any thread.</summary>
    internal void Advance()
    {
        // What goes before the first item, as a list of them, is no part of the rate.
        if (Interlocked.Increment(ref _done) == 1) _counting = _since.Elapsed;
    }

    /// <summary>Counts anew, for the next part of the work.</summary>
    internal void Restart(string activity, int total)
    {
        Activity = activity;
        Total = total;
        _counting = _since.Elapsed;
        Volatile.Write(ref _done, 0);
    }

    /// <summary>Writes a record where one is due. On the pipeline thread only.</summary>
    internal void Tick()
    {
        if (_finished || Activity is null || _since.Elapsed < _due) return;

        _due = _since.Elapsed + Interval;
        _shown = true;
        int done = Volatile.Read(ref _done);
        var record = new ProgressRecord(Id, Activity, Total is int total ? $"{done} of {total}" : $"{done} done");
        if (Total is > 0) record.PercentComplete = Math.Min(100, (int)(100L * done / Total.Value));
        TimeSpan counted = _since.Elapsed - _counting;
        if (done > 1 && counted >= LeastForRate)
        {
            double rate = done / counted.TotalSeconds;
            record.StatusDescription += string.Format(CultureInfo.CurrentCulture, ", {0:0.#} a second", rate);
            if (Total is int all && all >= done) record.SecondsRemaining = (int)Math.Ceiling((all - done) / rate);
        }

        if (!string.IsNullOrEmpty(Current)) record.CurrentOperation = ForeignText.Clean(Current);
        cmdlet.WriteProgress(record);
    }

    /// <summary>Ends the progress for good: from now on the output shows how far the command is. On the pipeline thread only.</summary>
    internal void Finish()
    {
        _finished = true;
        Complete();
    }

    /// <summary>Takes the display away, where there is one, until the next record is due. On the pipeline thread only.</summary>
    internal void Complete()
    {
        if (!_shown) return;

        _shown = false;
        cmdlet.WriteProgress(new ProgressRecord(Id, Activity!, "Completed") { RecordType = ProgressRecordType.Completed });
    }

    // Two of our commands in one pipeline each have a line of their own.
    private int Id => BaseActivityId + cmdlet.MyInvocation.PipelinePosition;
}
