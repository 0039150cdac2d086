using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Reads the history, with the checks that all versions of the API share.</summary>
internal sealed class HistoryOperations(ConfigOperations operations)
{
    private const int LookedThrough = 1_000;

    private ConfigStore Store => operations.Store;

    /// <summary>Returns a page of a key's changes. Nacos 1 omits changes of gray versions.</summary>
    public HistoryPage Page(ConfigKey key, Paging paging) => Store.History(key, paging.Skip, paging.Size, formalOnly: operations.Generation == Generation.One);

    /// <summary>Returns a change of a key; null if it does not exist.</summary>
    /// <exception cref="FaultException">The change belongs to another key.</exception>
    public HistoryItem? Find(ConfigKey key, long revision)
    {
        HistoryItem? item = Store.FindChange(revision);
        if (item is not null && item.Key != key) throw Foreign();
        return item;
    }

    /// <summary>Returns the newest change of a configuration's formal version; null if there is none.</summary>
    /// <exception cref="FaultException">The ID belongs to another key.</exception>
    public HistoryItem? Previous(ConfigKey key, long id)
    {
        HistoryItem? newest = Store.History(key, 0, LookedThrough, formalOnly: true).Items.FirstOrDefault(item => item.ConfigId == id);
        if (newest is not null) return newest;
        if (Store.Index.FindById(id) is not null) throw Foreign();
        return null;
    }

    /// <summary>Returns the next change of the same version, whose previous content is the result of <paramref name="item"/>; null if there is none yet.</summary>
    public HistoryItem? After(HistoryItem item) =>
        Store.History(item.Key, 0, LookedThrough).Items.LastOrDefault(next => next.Gray == item.Gray && next.Revision > item.Revision);

    /// <summary>Returns the content of a change; empty if it was pruned.</summary>
    public string Text(HistoryItem item) => Store.Text(item);

    private static FaultException Foreign() => new(Fault.AccessDenied, "Please check dataId, group or namespaceId.");
}
