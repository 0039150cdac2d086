using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Looking back, with the checks that all families make.</summary>
internal sealed class HistoryOperations(ConfigOperations operations)
{
    private const int LookedThrough = 1_000;

    private ConfigStore Store => operations.Store;

    /// <summary>The first generation shows no gray changes.</summary>
    public HistoryPage Page(ConfigKey key, Paging paging) => Store.History(key, paging.Skip, paging.Size, formalOnly: operations.Generation == Generation.One);

    /// <summary>One change of a key; null where there is no such change.</summary>
    /// <exception cref="FaultException">It is of another key.</exception>
    public HistoryItem? Find(ConfigKey key, long revision)
    {
        HistoryItem? item = Store.FindChange(revision);
        if (item is not null && item.Key != key) throw Foreign();
        return item;
    }

    /// <summary>The newest change of the formal version of a configuration; null where there is none.</summary>
    /// <exception cref="FaultException">The id is that of another key.</exception>
    public HistoryItem? Previous(ConfigKey key, long id)
    {
        HistoryItem? newest = Store.History(key, 0, LookedThrough, formalOnly: true).Items.FirstOrDefault(item => item.ConfigId == id);
        if (newest is not null) return newest;
        if (Store.Index.FindById(id) is not null) throw Foreign();
        return null;
    }

    /// <summary>What came of an update: the next change of the same version shows it; null where there is none yet.</summary>
    public HistoryItem? After(HistoryItem item) =>
        Store.History(item.Key, 0, LookedThrough).Items.LastOrDefault(next => next.Gray == item.Gray && next.Revision > item.Revision);

    /// <summary>The text that a change shows; what was pruned since is blank.</summary>
    public string Text(HistoryItem item) => Store.Text(item);

    private static FaultException Foreign() => new(Fault.AccessDenied, "Please check dataId, group or namespaceId.");
}
