using Acm.Client;
using Acm.Client.Transfer;

namespace Acm.Tests.Transfer;

/// <summary>Confirms and records every step, and runs a test's action at a step.</summary>
internal sealed class ExportObserver : IExportObserver
{
    public List<AcmException> Errors { get; } = [];

    public List<ExportedItem> Items { get; } = [];

    public List<string> Warnings { get; } = [];

    public IReadOnlyList<string> Obsolete { get; private set; } = [];

    public IReadOnlyList<string>? Asked { get; private set; }

    public bool Agrees { get; init; } = true;

    public Action AtStart { get; init; } = () => { };

    public Action<ConfigKey> AtRead { get; init; } = _ => { };

    public Action AtCommit { get; init; } = () => { };

    public Task<bool> StartAsync(IReadOnlyList<ConfigKey> keys, IReadOnlyList<string> obsolete)
    {
        Obsolete = obsolete;
        AtStart();
        return Task.FromResult(true);
    }

    public ValueTask ReadAsync(ConfigKey key, AcmException? error)
    {
        if (error is not null) Errors.Add(error);
        AtRead(key);
        return default;
    }

    public Task CommitAsync()
    {
        AtCommit();
        return Task.CompletedTask;
    }

    public ExportSummary? Summary { get; private set; }

    public void Committed(ExportSummary summary) => Summary = summary;

    public Task<bool> DeleteAsync(IReadOnlyList<string> obsolete)
    {
        Asked = obsolete;
        return Task.FromResult(Agrees);
    }

    public ValueTask DoneAsync(ExportedItem item)
    {
        Items.Add(item);
        return default;
    }

    public ValueTask FailedAsync(ConfigKey key, AcmException error)
    {
        Errors.Add(error);
        return default;
    }

    public void Warn(string message) => Warnings.Add(message);
}
