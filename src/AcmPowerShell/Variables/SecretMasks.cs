namespace AcmPowerShell;

/// <summary>
/// All texts that must not be seen in a log because a secret content is made of them: the whole, each of its lines, each value, and each line of a value.
/// Runners look for masks line by line, so that a mask of several lines alone would never be found.
/// </summary>
internal sealed class SecretMasks
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _masks = [];

    /// <summary>The masks, longest first: a runner that replaces a short one first would leave the rest of a longer one.</summary>
    internal IEnumerable<string> All => _masks.OrderByDescending(mask => mask.Length);

    internal void Add(string text)
    {
        AddOne(text);
        foreach (string line in text.Split('\r', '\n'))
        {
            AddOne(line);
            AddOne(line.Trim());
        }
    }

    // A bracket or a dash alone is no secret, and masked it would make the whole log unreadable.
    private void AddOne(string text)
    {
        if (text.Any(char.IsLetterOrDigit) && _seen.Add(text)) _masks.Add(text);
    }
}
