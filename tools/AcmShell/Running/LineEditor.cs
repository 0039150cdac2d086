using System.Text;
using AcmShell.Hosting;

namespace AcmShell.Running;

/// <summary>
/// Reads a line from the terminal key by key. <see cref="Console.ReadLine"/> would keep what was typed before Ctrl+C and put it
/// in front of the next line.
/// </summary>
internal sealed class LineEditor
{
    private readonly ShellRawUserInterface _screen = new();
    private readonly List<string> _history = [];

    public Line Read(string prompt)
    {
        Console.Write(prompt);
        // While a line is edited Ctrl+C is a key like another; while a command runs it is a signal.
        Console.TreatControlCAsInput = true;
        try
        {
            return Edit();
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            Console.WriteLine();
        }
    }

    private Line Edit()
    {
        var text = new StringBuilder();
        int recalled = _history.Count;
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    if (text.Length > 0) _history.Add(text.ToString());
                    return new Line(text.ToString());
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    Console.Write("^C");
                    return new Line(null, Cancelled: true);
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when text.Length == 0:
                    return new Line(null);
                case { Key: ConsoleKey.Backspace }:
                    Erase(text, 1);
                    break;
                case { Key: ConsoleKey.UpArrow } when recalled > 0:
                    Replace(text, _history[--recalled]);
                    break;
                case { Key: ConsoleKey.DownArrow } when recalled < _history.Count:
                    Replace(text, ++recalled < _history.Count ? _history[recalled] : string.Empty);
                    break;
                case { KeyChar: >= ' ' and not '\x7F' }:
                    text.Append(key.KeyChar);
                    Console.Write(key.KeyChar);
                    break;
            }
        }
    }

    private void Replace(StringBuilder text, string other)
    {
        Erase(text, text.Length);
        text.Append(other);
        Console.Write(other);
    }

    private void Erase(StringBuilder text, int count)
    {
        for (; count > 0 && text.Length > 0; count--)
        {
            int cells = _screen.LengthInBufferCells(text[^1]);
            text.Length--;
            Console.Write(string.Concat(Enumerable.Repeat("\b \b", cells)));
        }
    }

    /// <param name="Text">Null at the end of the input.</param>
    /// <param name="Cancelled">Ctrl+C was typed.</param>
    public readonly record struct Line(string? Text, bool Cancelled = false);
}
