using System.Runtime.CompilerServices;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>Lists a namespace page by page, several pages in flight.</summary>
internal sealed class NamespaceLister
{
    /// <summary>What every known client asks for.</summary>
    private const int PageSize = 200;

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

    public ValueTask<ConfigPage> ReadPageAsync(string @namespace, int pageNumber, int pageSize, AcmCallOptions? call, CancellationToken cancellationToken) =>
        _pool.RunAsync(_protocol.List(@namespace, pageNumber, pageSize), call, cancellationToken);

    /// <summary>
    /// Every configuration once. Pages are cut anew for each request, so that a namespace which changes meanwhile can show an item twice or not at all: items are told apart by
    /// key, and where the size did not stay the pages are read again for what was missed.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidResponse"/> after the last item: the server counts more configurations than it lists, each time. Nothing may be deleted
    /// because it is missing from such a list.</exception>
    public async IAsyncEnumerable<ConfigItem> ListAsync(string @namespace, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<ConfigKey>();
        for (int reading = 1; ; reading++)
        {
            ConfigPage first = await ReadPageAsync(@namespace, 1, PageSize, call, cancellationToken).ConfigureAwait(false);
            await foreach (ConfigItem item in PagesAsync(@namespace, first, call, cancellationToken).ConfigureAwait(false))
            {
                if (seen.Add(item.Key)) yield return item;
            }

            // One page is one moment's. Of more, the counts may agree by chance, where one was removed and one added: before anything is removed for missing here it is asked for by name.
            bool agrees = seen.Count == first.TotalCount;
            if (agrees && first.PagesAvailable <= 1) yield break;

            ConfigPage check = await ReadPageAsync(@namespace, 1, 1, call, cancellationToken).ConfigureAwait(false);
            if (agrees && check.TotalCount == first.TotalCount) yield break;

            // What was added or removed meanwhile makes the counts differ. What both of them count has to be there.
            int counted = Math.Min(first.TotalCount, check.TotalCount);
            if (reading > 1 && seen.Count >= counted) yield break;
            if (reading < MostReadings) continue;

            throw new AcmException(
                AcmErrorKind.InvalidResponse,
                $"The list of {(@namespace.Length == 0 ? "the default namespace" : $"namespace '{@namespace}'")} is incomplete: the server counts {counted} configurations and lists {seen.Count}.")
            {
                Advice = "Run the command again. If the error persists, the server's list cannot be trusted: check its log and its database.",
            };
        }
    }

    private async IAsyncEnumerable<ConfigItem> PagesAsync(string @namespace, ConfigPage first, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
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
            foreach (ConfigItem item in first.Items) yield return item;
            while (inFlight.Count > 0)
            {
                ConfigPage page = await inFlight.Dequeue().ConfigureAwait(false);

                // Beyond the end, whatever number of pages the first one told.
                if (page.Items.Count == 0 || !guard.Take(page)) break;

                Fill();
                foreach (ConfigItem item in page.Items) yield return item;
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
                inFlight.Enqueue(ReadPageAsync(@namespace, next++, PageSize, call, ending.Token).AsTask());
            }
        }
    }

    /// <summary>Ends when the task does. Its failure is of no interest: another page's was thrown already, or nobody reads on.</summary>
    private static Task Settled(Task task) =>
        task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
