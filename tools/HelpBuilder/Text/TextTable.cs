using System.Text;

namespace HelpBuilder.Text;

/// <summary>
/// Formats a table in columns. Long cells are wrapped. A table that is too wide for a terminal
/// is formatted as a list.
/// </summary>
internal sealed class TextTable(int width)
{
    private const int Gap = 2;
    private const int MostColumns = 3;

    /// <summary>Formats rows, of which the first is the header.</summary>
    public string Lay(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0) return "";
        if (rows[0].Count > MostColumns) return Records(rows);

        int[] widths = Widths(rows);
        var text = new StringBuilder();
        Append(text, rows[0], widths);
        Append(text, [.. widths.Select((w, i) => new string('-', Math.Min(w, rows[0][i].Length)))], widths);
        foreach (IReadOnlyList<string> row in rows.Skip(1)) Append(text, row, widths);
        return text.ToString().TrimEnd('\n');
    }

    private string Records(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int label = rows[0].Skip(1).Max(heading => heading.Length);
        var text = new StringBuilder();
        foreach (IReadOnlyList<string> row in rows.Skip(1))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(row[0]).Append('\n');
            for (int i = 1; i < row.Count; i++)
                Append(text, ["", rows[0][i], row[i]], [0, label, width - label - 2 * Gap]);
        }

        return text.ToString().TrimEnd('\n');
    }

    // Shrink the widest column until the row fits or a word would not.
    private int[] Widths(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Count).Select(i => rows.Max(row => i < row.Count ? row[i].Length : 0))];
        while (widths.Sum() + Gap * (widths.Length - 1) > width)
        {
            int widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= rows.Max(row => row[widest].Split(' ').Max(word => word.Length))) break;
            widths[widest]--;
        }

        return widths;
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> row, int[] widths)
    {
        string[][] cells = [.. row.Select((cell, i) => LineWrap.Wrap(cell, widths[i]).Split('\n'))];
        for (int line = 0; line < cells.Max(cell => cell.Length); line++)
        {
            var laid = new StringBuilder();
            for (int i = 0; i < cells.Length; i++)
                laid.Append((line < cells[i].Length ? cells[i][line] : "").PadRight(widths[i] + Gap));
            text.Append(laid.ToString().TrimEnd()).Append('\n');
        }
    }
}
