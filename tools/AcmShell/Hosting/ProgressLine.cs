using System.Management.Automation;

namespace AcmShell.Hosting;

/// <summary>One line at the bottom of the terminal that shows the newest activity. Not for use by two threads at once.</summary>
internal sealed class ProgressLine(TextWriter output, ShellRawUserInterface screen)
{
    private const string EraseLine = "\r\e[2K";

    private readonly Dictionary<(long Source, int Activity), ProgressRecord> _running = [];
    private bool _shown;

    public void Update(long source, ProgressRecord record)
    {
        (long, int) key = (source, record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed) _running.Remove(key);
        else _running[key] = record;

        if (_running.Count == 0) Hide();
        else Show(_running.ContainsKey(key) ? record : _running.Values.Last());
    }

    /// <summary>Makes room for other text; the next update draws the line again.</summary>
    public void Hide()
    {
        if (!_shown) return;
        output.Write(EraseLine);
        _shown = false;
    }

    public void Clear()
    {
        Hide();
        _running.Clear();
    }

    private void Show(ProgressRecord record)
    {
        string text = record.Activity;
        if (record.PercentComplete >= 0) text += $" {record.PercentComplete}%";
        if (!string.IsNullOrEmpty(record.StatusDescription)) text += ": " + record.StatusDescription;
        if (!string.IsNullOrEmpty(record.CurrentOperation)) text += " " + record.CurrentOperation;
        if (record.SecondsRemaining >= 0) text += $" ({TimeSpan.FromSeconds(record.SecondsRemaining):g} left)";

        output.Write($"{EraseLine}{PSStyle.Instance.Progress.Style}{Fit(text.ReplaceLineEndings(" "))}{PSStyle.Instance.Reset}");
        _shown = true;
    }

    /// <summary>A line that wraps could not be erased.</summary>
    private string Fit(string text)
    {
        int width = screen.BufferSize.Width - 1;
        while (text.Length > 0 && screen.LengthInBufferCells(text) > width) text = text[..^1];
        return text;
    }
}
