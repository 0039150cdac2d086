using System.Text;

namespace Acm.Client.Transfer.Diffing;

/// <summary>
/// The lines of a text, split after each LF. A CR before the LF is part of the line, so texts with different line breaks differ in
/// their lines. A text that does not end with LF has a last line without one.
/// </summary>
internal sealed class TextLines
{
    private readonly string _text;
    private readonly List<int> _starts = [];

    public TextLines(string text)
    {
        _text = text;
        for (int start = 0; start < text.Length; start = EndOf(start)) _starts.Add(start);
    }

    public int Count => _starts.Count;

    /// <summary>Gets whether the last line ends with LF; true for an empty text.</summary>
    public bool EndsWithNewline => _text.Length == 0 || _text[_text.Length - 1] == '\n';

    /// <summary>Appends a line without its LF.</summary>
    public void AppendTo(StringBuilder builder, int index)
    {
        int end = EndOf(_starts[index]);
        builder.Append(_text, _starts[index], end - _starts[index] - (_text[end - 1] == '\n' ? 1 : 0));
    }

    /// <summary>Gets the kind of line breaks, for display.</summary>
    public string Ends
    {
        get
        {
            int all = 0;
            int withCarriageReturn = 0;
            for (int i = 0; i < Count; i++)
            {
                ReadOnlySpan<char> line = Whole(i);
                if (line[line.Length - 1] != '\n') continue;

                all++;
                if (line.Length > 1 && line[line.Length - 2] == '\r') withCarriageReturn++;
            }

            if (all == 0) return "none";
            return withCarriageReturn == 0 ? "LF" : withCarriageReturn == all ? "CR LF" : "CR LF and LF";
        }
    }

    /// <summary>Numbers the lines of two texts so that only equal lines have equal numbers. A last line without LF differs from the same line with LF.</summary>
    public static (int[] Old, int[] New) Number(TextLines old, TextLines @new)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return (Numbered(old, numbers), Numbered(@new, numbers));
    }

    private static int[] Numbered(TextLines lines, Dictionary<string, int> numbers)
    {
        var result = new int[lines.Count];
        for (int i = 0; i < result.Length; i++)
        {
            string line = lines.Whole(i).ToString();
            if (!numbers.TryGetValue(line, out int number)) numbers.Add(line, number = numbers.Count);
            result[i] = number;
        }

        return result;
    }

    private ReadOnlySpan<char> Whole(int index) => _text.AsSpan(_starts[index], EndOf(_starts[index]) - _starts[index]);

    private int EndOf(int start)
    {
        int end = _text.IndexOf('\n', start);
        return end < 0 ? _text.Length : end + 1;
    }
}
