using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>
/// Shows the progress of a command that takes longer than half a second. The progress bar is hidden while the command writes output, because ConsoleHost hangs if
/// Ctrl+C is pressed while rows are written below a progress bar (PowerShell issue 12814).
/// </summary>
internal sealed class ProgressReporter(PSCmdlet cmdlet)
{
    private const int BaseActivityId = 0x41434D;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Minimum time before a rate is shown.</summary>
    private static readonly TimeSpan MinimumForRate = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _counting;
    private TimeSpan _due = Patience;
    private bool _shown;
    private bool _finished;
    private int _done;

    /// <summary>Gets or sets the title of the progress bar, or null for no progress.</summary>
    internal string? Activity { get; set; }

    /// <summary>Gets or sets the number of items, or null if it is unknown.</summary>
    internal int? Total { get; set; }

    /// <summary>Gets or sets the current item. Can be set from any thread.</summary>
    internal string? Current { get; set; }

    /// <summary>Counts an item. Can be called from any thread.</summary>
    internal void Advance()
    {
        // The rate excludes the time before the first item, such as that for listing.
        if (Interlocked.Increment(ref _done) == 1) _counting = _since.Elapsed;
    }

    /// <summary>Restarts the count for the next phase.</summary>
    internal void Restart(string activity, int total)
    {
        Activity = activity;
        Total = total;
        _counting = _since.Elapsed;
        Volatile.Write(ref _done, 0);
    }

    /// <summary>Writes a progress record if one is due. Call it on the pipeline thread only.</summary>
    internal void Tick()
    {
        if (_finished || Activity is null || _since.Elapsed < _due) return;

        _due = _since.Elapsed + Interval;
        _shown = true;
        int done = Volatile.Read(ref _done);
        var record = new ProgressRecord(Id, Activity, Total is int total ? $"{done} of {total}" : $"{done} done");
        if (Total is > 0) record.PercentComplete = Math.Min(100, (int)(100L * done / Total.Value));
        TimeSpan counted = _since.Elapsed - _counting;
        if (done > 1 && counted >= MinimumForRate)
        {
            double rate = done / counted.TotalSeconds;
            record.StatusDescription += string.Format(CultureInfo.CurrentCulture, ", {0:0.#} a second", rate);
            if (Total is int all && all >= done) record.SecondsRemaining = (int)Math.Ceiling((all - done) / rate);
        }

        if (!string.IsNullOrEmpty(Current)) record.CurrentOperation = ForeignText.Clean(Current);
        cmdlet.WriteProgress(record);
    }

    /// <summary>Hides the progress permanently, because output is being written. Call it on the pipeline thread only.</summary>
    internal void Finish()
    {
        _finished = true;
        Complete();
    }

    /// <summary>Hides the progress until the next record is due. Call it on the pipeline thread only.</summary>
    internal void Complete()
    {
        if (!_shown) return;

        _shown = false;
        cmdlet.WriteProgress(new ProgressRecord(Id, Activity!, "Completed") { RecordType = ProgressRecordType.Completed });
    }

    // Each command of a pipeline has its own progress bar.
    private int Id => BaseActivityId + cmdlet.MyInvocation.PipelinePosition;
}
