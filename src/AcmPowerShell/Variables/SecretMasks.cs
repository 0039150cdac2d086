using System.Globalization;

namespace AcmPowerShell;

/// <summary>
/// All texts that must not be seen in a log because a secret content is made of them: the whole, each of its lines, each value, and each line of a value.
/// Runners look for masks line by line, so that a mask of several lines alone would never be found.
/// </summary>
internal sealed class SecretMasks
{
    /// <summary>A shorter mask would turn parts of other words into asterisks.</summary>
    internal const int ShortestMask = 4;

    private static readonly char[] Around = [' ', '\t', '\f', ',', ';', '"', '\''];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _masks = [];

    /// <summary>The masks, longest first: a runner that replaces a short one first would leave the rest of a longer one.</summary>
    internal IEnumerable<string> All => _masks.OrderByDescending(mask => mask.Length);

    /// <summary>Whether a text can be masked. Short texts, numbers and <c>true</c> stand all over a log, and in names of files and results of builds.</summary>
    internal static bool CanMask(string text)
    {
        string plain = text.Trim().Trim(Around);
        return text.Trim().Length >= ShortestMask
            && !double.TryParse(plain, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _)
            && plain.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL");
    }

    /// <summary>Adds a secret value: the whole and each of its lines, whatever they are made of.</summary>
    internal void AddValue(string value) => Add(value, _ => true);

    /// <summary>Adds a whole text with secrets in it. Its lines of brackets and dashes alone are no secrets.</summary>
    internal void AddContent(string content) => Add(content, line => line.Any(char.IsLetterOrDigit));

    private void Add(string text, Func<string, bool> isSecret)
    {
        if (isSecret(text)) AddOne(text);
        foreach (string line in text.Split('\r', '\n'))
        {
            if (!isSecret(line)) continue;

            AddOne(line);
            AddOne(line.Trim());
        }
    }

    private void AddOne(string text)
    {
        if (CanMask(text) && _seen.Add(text)) _masks.Add(text);
    }
}
