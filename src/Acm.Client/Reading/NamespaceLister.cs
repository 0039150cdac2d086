using System.Runtime.CompilerServices;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>Lists a namespace page by page, several pages in flight.</summary>
internal sealed class NamespaceLister
{
    /// <summary>Servers that send contents with a list may refuse a page of large ones.</summary>
    private const int LeastPageSize = 20;

    private const int PagesInFlight = 8;

    /// <summary>How often a list is read whose count does not agree with its items.</summary>
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

    /// <summary>Every configuration that a filter selects, once.</summary>
    /// <exception cref="AcmException">Any kind that a read can have; after the last item <see cref="AcmErrorKind.InvalidResponse"/>: the list is incomplete.</exception>
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

    /// <summary>A list by several tags shows what has two of them twice, and one by a tag tells no type: each tag is asked for by itself, and types are those of a list without tags.</summary>
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
    /// Everything that the servers list, once. Pages are cut anew for each request, so that a namespace which changes meanwhile can show an item twice or not at all: items are told apart by
    /// key, and where the size did not stay the pages are read again for what was missed.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/> after the last item: the server counts more configurations than it lists, each time. Nothing may be deleted
    /// because it is missing from such a list.</exception>
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

                // Each page counts the whole list at its moment. What was added or removed meanwhile makes the counts differ, and what all of them count has to be there. They may agree by
                // chance, where one was removed and one added: before anything is removed for missing here it is asked for by name.
                hasChanged |= page.TotalCount != first.TotalCount;
                counted = Math.Min(counted, page.TotalCount);
            }

            if (isTooLarge)
            {
                // Pages are cut by size: all of them anew, which is no further reading of the whole list.
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

    /// <summary>The page; null where a smaller one may do.</summary>
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

    /// <summary>The pages of a list. Null, as the last, where a page is too large and a smaller one may do.</summary>
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

                // Beyond the end, whatever number of pages the first one told.
                if (page.Items.Count == 0 || !guard.Take(page)) break;

                Fill();
                yield return page;
            }
        }
        finally
        {
            // Who stops reading must not leave requests behind.
            ending.Cancel();
            await Task.WhenAll(inFlight.Select(Settled)).ConfigureAwait(false);
        }

        void Fill()
        {
            while (inFlight.Count < PagesInFlight && next <= pages)
            {
                inFlight.Enqueue(ReadPageAsync(@namespace, filter, next++, pageSize, call, ending.Token).AsTask());
            }
        }
    }

    /// <summary>Ends when the task does. Its failure is of no interest: another page's was thrown already, or nobody reads on.</summary>
    private static Task Settled(Task task) =>
        task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
