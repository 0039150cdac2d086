using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Text;

namespace AcmShell.Hosting;

/// <summary>The measures of the screen, and of text on it. Cells can't be read or drawn one by one.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    /// <summary>What <c>pwsh</c> formats for where there is no screen.</summary>
    private static readonly Size NoScreen = new(120, 50);

    /// <summary>How <c>pwsh</c> says that the terminal's own colour is not known.</summary>
    private const ConsoleColor Unknown = (ConsoleColor)(-1);

    public override ConsoleColor ForegroundColor { get; set; } = Unknown;

    public override ConsoleColor BackgroundColor { get; set; } = Unknown;

    public override Size BufferSize
    {
        // A pseudo-terminal without a size says 0.
        get => Terminal.ForOutput && Console.WindowWidth > 0 ? new Size(Console.WindowWidth, Console.WindowHeight) : NoScreen;
        set => throw NotSupported();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw NotSupported();
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Coordinates WindowPosition
    {
        get => default;
        set => throw NotSupported();
    }

    public override Coordinates CursorPosition
    {
        get => Terminal.ForOutput && Terminal.ForInput ? new Coordinates(Console.CursorLeft, Console.CursorTop) : default;
        set => Console.SetCursorPosition(value.X, value.Y);
    }

    public override int CursorSize
    {
        get => 25;
        set => throw NotSupported();
    }

    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() ? Console.Title : string.Empty;
        set
        {
            if (Terminal.ForOutput) Console.Title = value;
        }
    }

    public override bool KeyAvailable => Terminal.ForInput && Console.KeyAvailable;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!Terminal.ForInput) throw new HostException("AcmShell can't read a key: standard input is redirected.");
        ConsoleKeyInfo key = Console.ReadKey(intercept: options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, 0, keyDown: options.HasFlag(ReadKeyOptions.IncludeKeyDown));
    }

    public override void FlushInputBuffer()
    {
        while (KeyAvailable) Console.ReadKey(intercept: true);
    }

    public override int LengthInBufferCells(char source) => IsWide(new Rune(char.IsSurrogate(source) ? '?' : source)) ? 2 : 1;

    public override int LengthInBufferCells(string source, int offset)
    {
        string text = source[offset..];
        // Colours take no room.
        if (text.Contains('\e')) text = new StringDecorated(text).ToString(OutputRendering.PlainText);
        int cells = 0;
        foreach (Rune rune in text.EnumerateRunes()) cells += IsWide(rune) ? 2 : 1;
        return cells;
    }

    public override int LengthInBufferCells(string source) => LengthInBufferCells(source, 0);

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotSupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NotSupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotSupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotSupported();

    /// <summary>The blocks of Unicode's East Asian Width that are W or F; a table with Chinese text keeps its columns by it.</summary>
    private static bool IsWide(Rune rune) => rune.Value is
        >= 0x1100 and <= 0x115F
        or >= 0x2E80 and <= 0xA4CF and not 0x303F
        or >= 0xAC00 and <= 0xD7A3
        or >= 0xF900 and <= 0xFAFF
        or >= 0xFE30 and <= 0xFE6F
        or >= 0xFF00 and <= 0xFF60
        or >= 0xFFE0 and <= 0xFFE6
        or >= 0x1F300 and <= 0x1F64F
        or >= 0x1F900 and <= 0x1F9FF
        or >= 0x20000 and <= 0x3FFFD;

    private static NotSupportedException NotSupported() => new("AcmShell has no screen buffer to read, draw or resize.");
}
