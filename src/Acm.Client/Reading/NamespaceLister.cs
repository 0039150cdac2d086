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

    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;

    public NamespaceLister(ServerPool pool, IConfigProtocol protocol)
    {
        _pool = pool;
        _protocol = protocol;
    }

    public ValueTask<ConfigPage> ReadPageAsync(string @namespace, int pageNumber, int pageSize, AcmCallOptions? call, CancellationToken cancellationToken) =>
        _pool.SendAsync(_protocol.List(@namespace, pageNumber, pageSize), response => _protocol.ReadList(response, @namespace, pageNumber), call, cancellationToken);

    /// <summary>
    /// Every configuration once. Pages are cut anew for each request, so that a namespace which changes meanwhile can show an item twice or not at all: items are told apart by
    /// key, and where the size did not stay the pages are read once more for what was missed.
    /// </summary>
    public async IAsyncEnumerable<ConfigItem> ListAsync(string @namespace, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<ConfigKey>();
        ConfigPage first = await ReadPageAsync(@namespace, 1, PageSize, call, cancellationToken).ConfigureAwait(false);
        await foreach (ConfigItem item in PagesAsync(@namespace, first, call, cancellationToken).ConfigureAwait(false))
        {
            if (seen.Add(item.Key)) yield return item;
        }

        if (first.PagesAvailable <= 1) yield break;

        ConfigPage check = await ReadPageAsync(@namespace, 1, 1, call, cancellationToken).ConfigureAwait(false);
        if (check.TotalCount == first.TotalCount && seen.Count == first.TotalCount) yield break;

        first = await ReadPageAsync(@namespace, 1, PageSize, call, cancellationToken).ConfigureAwait(false);
        await foreach (ConfigItem item in PagesAsync(@namespace, first, call, cancellationToken).ConfigureAwait(false))
        {
            if (seen.Add(item.Key)) yield return item;
        }
    }

    private async IAsyncEnumerable<ConfigItem> PagesAsync(string @namespace, ConfigPage first, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inFlight = new Queue<Task<ConfigPage>>();
        int next = 2;
        var guard = new ListGuard(@namespace.Length == 0 ? "the default namespace" : $"namespace '{@namespace}'");
        guard.Take(first);
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
            while (inFlight.Count < PagesInFlight && next <= first.PagesAvailable)
            {
                inFlight.Enqueue(ReadPageAsync(@namespace, next++, PageSize, call, ending.Token).AsTask());
            }
        }
    }

    /// <summary>Ends when the task does. Its failure is of no interest: another page's was thrown already, or nobody reads on.</summary>
    private static Task Settled(Task task) =>
        task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
