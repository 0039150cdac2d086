using System.Globalization;

namespace AcmPowerShell;

/// <summary>
/// The texts to mask in a log for secret content: the whole text, its lines, its values, and their lines.
/// Lines are masked separately, because runners compare masks line by line.
/// </summary>
internal sealed class SecretMasks
{
    /// <summary>Minimum length. A shorter mask would hide parts of other words.</summary>
    internal const int MinLength = 4;

    private static readonly char[] Around = [' ', '\t', '\f', ',', ';', '"', '\''];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _masks = [];

    /// <summary>Gets the masks, longest first. If a runner replaced a short mask first, the rest of a longer one would stay visible.</summary>
    internal IEnumerable<string> All => _masks.OrderByDescending(mask => mask.Length);

    /// <summary>Returns whether a text can be masked. Short texts, numbers and <c>true</c> cannot, because they occur all over a log.</summary>
    internal static bool CanMask(string text)
    {
        string plain = text.Trim().Trim(Around);
        return text.Trim().Length >= MinLength
            && !double.TryParse(plain, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _)
            && plain.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL");
    }

    /// <summary>Adds a secret value and each of its lines.</summary>
    internal void AddValue(string value) => Add(value, _ => true);

    /// <summary>Adds a text that contains secrets, and its lines. Lines without letters and digits are not secret.</summary>
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
