namespace Acm.Client.Reading;

/// <summary>
/// Detects endless lists: a server or a cache may return the same page for every page number, or new items forever. The only bound available is the total that the pages report.
/// </summary>
internal sealed class ListGuard
{
    /// <summary>Number of items beyond the reported total that may be published while the list is read.</summary>
    private const int MostGrowth = 1000;

    /// <summary>Number of consecutive pages without new items that end the list. A single one can occur if something is published while the list is read.</summary>
    private const int MostRepeats = 2;

    private readonly HashSet<ConfigKey> _seen = [];
    private readonly string _subject;
    private int? _counted;
    private int _repeats;

    /// <param name="subject">The list, as error messages name it.</param>
    public ListGuard(string subject) => _subject = subject;

    /// <summary>Returns the maximum number of pages to request.</summary>
    /// <param name="first">The first page.</param>
    public static int PagesOf(ConfigPage first) =>
        (int)Math.Min(first.PagesAvailable, (((long)first.TotalCount + MostGrowth) / Math.Max(1, first.Items.Count)) + 1);

    /// <summary>Checks the next page.</summary>
    /// <returns>False if the pages repeat and reading must stop.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/>: the list has far more items than the pages report.</exception>
    public bool Take(ConfigPage page)
    {
        int before = _seen.Count;
        foreach (ConfigItem item in page.Items) _seen.Add(item.Key);

        // The first page's total counts: a total that grows with each page would never end the list.
        int counted = _counted ??= page.TotalCount;
        if (_seen.Count - MostGrowth > counted)
        {
            throw new AcmException(AcmErrorKind.InvalidResponse, $"The list of {_subject} does not end: the server counts {counted} configurations, and its pages hold more than {_seen.Count}.")
            {
                Advice = "Check the server, and any proxy or cache in between.",
                IsFinal = true,
            };
        }

        _repeats = _seen.Count > before ? 0 : _repeats + 1;
        return _repeats < MostRepeats;
    }
}
