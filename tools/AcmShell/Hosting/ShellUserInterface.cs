using System.Management.Automation;
using System.Management.Automation.Host;

namespace AcmShell.Hosting;

/// <summary>
/// Writes to the standard streams as <c>pwsh</c> does: errors to standard error, all else to standard output, colours and
/// progress only where a terminal shows them. Questions are in the other half of the class.
/// </summary>
internal sealed partial class ShellUserInterface : PSHostUserInterface
{
    private readonly Lock _lock = new();
    private readonly ShellRawUserInterface _screen = new();
    private readonly ProgressLine _progress;
    private readonly bool _nonInteractive;

    public ShellUserInterface(bool nonInteractive)
    {
        _nonInteractive = nonInteractive;
        _progress = new ProgressLine(Console.Out, _screen);
    }

    public override PSHostRawUserInterface RawUI => _screen;

    public override bool SupportsVirtualTerminal => Terminal.HasVirtualTerminal;

    public override void Write(string value)
    {
        if (string.IsNullOrEmpty(value)) return;
        lock (_lock)
        {
            _progress.Hide();
            Console.Out.Write(GetOutputString(value, SupportsVirtualTerminal));
        }
    }

    public override void WriteLine() => Write(Environment.NewLine);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Coloured(foregroundColor, backgroundColor, value));

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Coloured(foregroundColor, backgroundColor, value) + Environment.NewLine);

    public override void WriteErrorLine(string value)
    {
        if (string.IsNullOrEmpty(value)) return;
        lock (_lock)
        {
            _progress.Hide();
            Console.Error.WriteLine(GetOutputString(value, Terminal.ForErrors && SupportsVirtualTerminal));
        }
    }

    public override void WriteWarningLine(string message) => WriteStyled(FormatStyle.Warning, "WARNING: " + message);

    public override void WriteVerboseLine(string message) => WriteStyled(FormatStyle.Verbose, "VERBOSE: " + message);

    public override void WriteDebugLine(string message) => WriteStyled(FormatStyle.Debug, "DEBUG: " + message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (!SupportsVirtualTerminal) return;
        lock (_lock) _progress.Update(sourceId, record);
    }

    /// <summary>Takes away what an activity left that never said it was done.</summary>
    public void ClearProgress()
    {
        lock (_lock) _progress.Clear();
    }

    private void WriteStyled(FormatStyle style, string text) => WriteLine(
        SupportsVirtualTerminal ? GetFormatStyleString(style) + text + PSStyle.Instance.Reset : text);

    private string Coloured(ConsoleColor foreground, ConsoleColor background, string value)
    {
        if (!SupportsVirtualTerminal) return value;
        string colours = string.Empty;
        if (Enum.IsDefined(foreground)) colours += PSStyle.Instance.Foreground.FromConsoleColor(foreground);
        if (Enum.IsDefined(background)) colours += PSStyle.Instance.Background.FromConsoleColor(background);
        return colours.Length == 0 ? value : colours + value + PSStyle.Instance.Reset;
    }
}
