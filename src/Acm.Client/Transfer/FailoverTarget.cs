using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>Exports to a failover folder: the stored bytes with their side files.</summary>
internal sealed class FailoverTarget : IExportTarget
{
    private readonly SnapshotStore _store;
    private readonly List<ExportOutcome> _outcomes = [];
    private readonly NewFolders _folders = new();
    private readonly string _namespace;
    private bool _isCommitted;

    public FailoverTarget(string path, string @namespace, TimeProvider clock)
    {
        Path = path;
        _namespace = @namespace;
        _store = new SnapshotStore(path, clock);
    }

    public string Path { get; }

    public string? Problem => null;

    public string? Loss => null;

    public IReadOnlyList<string> FindObsolete(Func<ConfigKey, bool> isObsolete) => [];

    public void Open(bool mayHoldSecrets) => _folders.Create(Path, isSecret: true);

    // Each value is written immediately: a failover folder need not be consistent, and a partly updated one is better than the old one.
    public void Add(AcmConfig config, string path)
    {
        string file = LocalPath.Of(Path, _namespace, config.Key);
        try
        {
            bool isNew = _store.Save(_namespace, config.Key, config.RawBytes, config.Md5, config.Charset, config.Metadata, config.LastModified);
            _outcomes.Add(ExportOutcome.Done(config.Key, isNew ? ExportState.Exported : ExportState.Unchanged, file, config.Size));
        }
        catch (AcmException e) when (e.InnerException is { } cause && LocalFile.IsRefusal(cause))
        {
            // The message of the store is about snapshots.
            throw ExportOutcome.Failed(config.Key, file, cause).Error!;
        }
    }

    public IReadOnlyList<ExportOutcome> Commit(bool deletes)
    {
        _isCommitted = true;
        return _outcomes;
    }

    public void Dispose()
    {
        if (!_isCommitted) _folders.RemoveEmpty();
    }
}
