using System.Runtime.CompilerServices;
using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>Lists the configurations of a namespace, several pages in parallel.</summary>
internal sealed class NamespaceLister
{
    /// <summary>Minimum page size; servers that return content with a list may reject a page of large items.</summary>
    private const int LeastPageSize = 20;

    private const int PagesInFlight = 8;

    /// <summary>Maximum number of passes over a list whose total disagrees with its items.</summary>
    private const int MostReadings = 3;

    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;

    public NamespaceLister(ServerPool pool, IConfigProtocol protocol)
    {
        _pool = pool;
        _protocol = protocol;
    }

    public ValueTask<ConfigPage> ReadPageAsync(string @namespace, ConfigFilter filter, int pageNumber, int pageSize, AcmCallOptions? call, CancellationToken cancellationToken) =>
        _pool.RunAsync(_protocol.List(@namespace, filter, pageNumber, pageSize), call, cancellationToken);

    /// <summary>Lists the configurations that match a filter, each once.</summary>
    /// <exception cref="AcmException">The read failed; <see cref="AcmErrorKind.InvalidResponse"/> after the last item if the list is incomplete.</exception>
    public async IAsyncEnumerable<ConfigItem> ListAsync(string @namespace, ConfigFilter filter, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (filter.Tags.Count > 0)
        {
            await foreach (ConfigItem item in TaggedAsync(@namespace, filter, call, cancellationToken).ConfigureAwait(false)) yield return item;
            yield break;
        }

        await foreach (ConfigItem item in AllAsync(@namespace, filter, call, cancellationToken).ConfigureAwait(false))
        {
            if (filter.Matches(item)) yield return item;
        }
    }

    /// <summary>Lists by tags. A request with several tags returns an item with two of them twice, and a request with a tag returns no types: so each tag is requested separately, and types come from a list without tags.</summary>
    private async IAsyncEnumerable<ConfigItem> TaggedAsync(string @namespace, ConfigFilter filter, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ConfigFilter untyped = filter with { Types = [] };
        ConfigFilter untagged = filter with { Tags = [] };
        var tagged = new HashSet<ConfigKey>();
        foreach (string tag in filter.Tags.Distinct(StringComparer.Ordinal))
        {
            await foreach (ConfigItem item in AllAsync(@namespace, untyped with { Tags = [tag] }, call, cancellationToken).ConfigureAwait(false))
            {
                if (untyped.Matches(item) && tagged.Add(item.Key) && filter.Types.Count == 0) yield return item;
            }
        }

        if (filter.Types.Count == 0 || tagged.Count == 0) yield break;

        await foreach (ConfigItem item in AllAsync(@namespace, untagged, call, cancellationToken).ConfigureAwait(false))
        {
            if (tagged.Contains(item.Key) && untagged.Matches(item)) yield return item;
        }
    }

    /// <summary>
    /// Lists everything the servers return, each item once. The server computes pages anew for each request, so an item can appear twice or not at all if the namespace changes meanwhile:
    /// duplicates are dropped by key, and if the total changed, the pages are read again.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/> after the last item: the server repeatedly reports more configurations than it lists. An incomplete list must not be
    /// used to delete what is missing from it.</exception>
    private async IAsyncEnumerable<ConfigItem> AllAsync(string @namespace, ConfigFilter filter, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<ConfigKey>();
        int pageSize = _protocol.ListPageSize;
        for (int reading = 1; ; reading++)
        {
            (ConfigPage first, pageSize) = await FirstPageAsync(@namespace, filter, pageSize, call, cancellationToken).ConfigureAwait(false);
            int counted = first.TotalCount;
            bool hasChanged = false;
            bool isTooLarge = false;
            await foreach (ConfigPage? page in PagesAsync(@namespace, filter, first, pageSize, call, cancellationToken).ConfigureAwait(false))
            {
                isTooLarge = page is null;
                if (page is null) break;

                foreach (ConfigItem item in page.Items)
                {
                    if (seen.Add(item.Key)) yield return item;
                }

                // Each page reports the total at its moment. Different totals reveal additions and removals, and the smallest total must be reached. One addition and one removal can cancel out:
                // before something is removed because it is missing here, it is read by name.
                hasChanged |= page.TotalCount != first.TotalCount;
                counted = Math.Min(counted, page.TotalCount);
            }

            if (isTooLarge)
            {
                // Page borders depend on the page size, so all pages are read again; this does not count as another pass.
                pageSize = Smaller(pageSize);
                reading--;
                continue;
            }

            if (seen.Count == first.TotalCount && !hasChanged) yield break;
            if (reading > 1 && seen.Count >= counted) yield break;
            if (reading < MostReadings) continue;

            throw new AcmException(
                AcmErrorKind.InvalidResponse,
                $"The list of {(@namespace.Length == 0 ? "the default namespace" : $"namespace '{@namespace}'")} is incomplete: the server counts {counted} configurations and lists {seen.Count}.")
            {
                Advice = "Run the command again. If the error persists, check the log and the database of the server.",
            };
        }
    }

    private async Task<(ConfigPage Page, int PageSize)> FirstPageAsync(string @namespace, ConfigFilter filter, int largest, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        for (int pageSize = largest; ; pageSize = Smaller(pageSize))
        {
            try
            {
                return (await ReadPageAsync(@namespace, filter, 1, pageSize, call, cancellationToken).ConfigureAwait(false), pageSize);
            }
            catch (AcmException e) when (MayFitSmaller(e, pageSize))
            {
                continue;
            }
        }
    }

    private static int Smaller(int pageSize) => Math.Max(LeastPageSize, pageSize / 5);

    private static bool MayFitSmaller(AcmException error, int pageSize) => error.Kind == AcmErrorKind.ContentTooLarge && pageSize > LeastPageSize;

    /// <summary>Awaits a page; returns null if it is too large and a smaller page size may help.</summary>
    private static async Task<ConfigPage?> UnlessTooLargeAsync(Task<ConfigPage> page, int pageSize)
    {
        try
        {
            return await page.ConfigureAwait(false);
        }
        catch (AcmException e) when (MayFitSmaller(e, pageSize))
        {
            return null;
        }
    }

    /// <summary>Reads the pages of a list. The last item is null if a page was too large and a smaller page size may help.</summary>
    private async IAsyncEnumerable<ConfigPage?> PagesAsync(string @namespace, ConfigFilter filter, ConfigPage first, int pageSize, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = new Queue<Task<ConfigPage>>();
        int next = 2;
        var guard = new ListGuard(@namespace.Length == 0 ? "the default namespace" : $"namespace '{@namespace}'");
        guard.Take(first);
        int pages = ListGuard.PagesOf(first);
        try
        {
            Fill();
            yield return first;
            while (inFlight.Count > 0)
            {
                ConfigPage? page = await UnlessTooLargeAsync(inFlight.Dequeue(), pageSize).ConfigureAwait(false);
                if (page is null)
                {
                    yield return null;
                    break;
                }

                // An empty page is the end, whatever total the first page reported.
                if (page.Items.Count == 0 || !guard.Take(page)) break;

                Fill();
                yield return page;
            }
        }
        finally
        {
            // No request may outlive the enumeration.
            ending.Cancel();
            await Task.WhenAll(inFlight.Select(page => page.Settled())).ConfigureAwait(false);
        }

        void Fill()
        {
            while (inFlight.Count < PagesInFlight && next <= pages)
            {
                inFlight.Enqueue(ReadPageAsync(@namespace, filter, next++, pageSize, call, ending.Token).AsTask());
            }
        }
    }
}
