namespace Acm.Client.Reading;

/// <summary>
/// Ends the reading of a list that has no end: a server, or a cache before it, may give the same page for every number, or new items for ever. Only what the pages themselves count
/// bounds how many there can be.
/// </summary>
internal sealed class ListGuard
{
    /// <summary>What may be published while a list is read, beside what its pages counted.</summary>
    private const int MostGrowth = 1000;

    /// <summary>Pages without anything new, one after the other: a single one comes about where something is published while the list is read.</summary>
    private const int MostRepeats = 2;

    private readonly HashSet<ConfigKey> _seen = [];
    private readonly string _subject;
    private int? _counted;
    private int _repeats;

    /// <param name="subject">What is listed, as errors call it.</param>
    public ListGuard(string subject) => _subject = subject;

    /// <summary>How many pages of the first one's kind there can be.</summary>
    /// <param name="first">The first page.</param>
    public static int PagesOf(ConfigPage first) =>
        (int)Math.Min(first.PagesAvailable, (((long)first.TotalCount + MostGrowth) / Math.Max(1, first.Items.Count)) + 1);

    /// <summary>Takes the next page.</summary>
    /// <returns>False where the pages repeat, so that no later one tells more.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: far more items came than the pages count.</exception>
    public bool Take(ConfigPage page)
    {
        int before = _seen.Count;
        foreach (ConfigItem item in page.Items) _seen.Add(item.Key);

        // The first page's word: one that counted more on each page would have no end either.
        int counted = _counted ??= page.TotalCount;
        if (_seen.Count - MostGrowth > counted)
        {
            throw new AcmException(AcmErrorKind.InvalidResponse, $"The list of {_subject} does not end: the server counts {counted} configurations, and its pages hold more than {_seen.Count}.")
            {
                Advice = "Check the server, and any proxy or cache before it.",
                IsFinal = true,
            };
        }

        _repeats = _seen.Count > before ? 0 : _repeats + 1;
        return _repeats < MostRepeats;
    }
}
