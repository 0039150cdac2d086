using System.Text;

namespace HelpBuilder.Text;

/// <summary>Wraps text between words. Words that are longer than a line are not broken.</summary>
internal static class LineWrap
{
    public static string Wrap(string text, int width)
    {
        if (text.Length <= width) return text;

        var wrapped = new StringBuilder();
        int column = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                wrapped.Append('\n');
                column = 0;
            }

            if (column > 0)
            {
                wrapped.Append(' ');
                column++;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }
}
