namespace Acm.Client.Transfer;

/// <summary>Receives the progress of an export and makes its decisions. Called by one thread at a time, but by any thread.</summary>
public interface IExportObserver
{
    /// <summary>Called after the namespace was listed and before anything is read.</summary>
    /// <param name="keys">The configurations to export.</param>
    /// <param name="obsolete">The files to delete, because the server does not have them.</param>
    /// <returns>Whether to continue.</returns>
    Task<bool> StartAsync(IReadOnlyList<ConfigKey> keys, IReadOnlyList<string> obsolete);

    /// <summary>Called after a configuration was read; the target is still unchanged.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="error">Why it could not be read; null on success.</param>
    ValueTask ReadAsync(ConfigKey key, AcmException? error);

    /// <summary>Called after everything was read and before the target changes. Throw to cancel the export, for example after an error.</summary>
    Task CommitAsync();

    /// <summary>Called before files are deleted.</summary>
    /// <param name="obsolete">The files.</param>
    /// <returns>Whether to delete them; the export continues in either case.</returns>
    Task<bool> DeleteAsync(IReadOnlyList<string> obsolete);

    /// <summary>Called after the target was changed, before the result of each file.</summary>
    /// <param name="summary">The summary.</param>
    void Committed(ExportSummary summary);

    /// <summary>Called for each file that is up to date now, or was deleted.</summary>
    ValueTask DoneAsync(ExportedItem item);

    /// <summary>Called for each file that could not be written or deleted.</summary>
    ValueTask FailedAsync(ConfigKey key, AcmException error);

    /// <summary>Called with a warning.</summary>
    void Warn(string message);
}
