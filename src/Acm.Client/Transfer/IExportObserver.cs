namespace Acm.Client.Transfer;

/// <summary>Hears how an export goes, and decides where somebody has to. Called from one thread at a time, any thread.</summary>
public interface IExportObserver
{
    /// <summary>The namespace was listed; nothing was read yet.</summary>
    /// <param name="keys">The configurations that are to be exported.</param>
    /// <param name="obsolete">Files that are to be deleted then, because the server does not have them.</param>
    /// <returns>Whether to go on.</returns>
    Task<bool> StartAsync(IReadOnlyList<ConfigKey> keys, IReadOnlyList<string> obsolete);

    /// <summary>One configuration was read, or could not be; nothing of the target was changed yet.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="error">Why it could not be read; null where it could.</param>
    ValueTask ReadAsync(ConfigKey key, AcmException? error);

    /// <summary>All was read, and the target is about to be changed. Whoever is to stop the export after an error stops it here.</summary>
    Task CommitAsync();

    /// <summary>Asked before files are deleted.</summary>
    /// <param name="obsolete">The files.</param>
    /// <returns>Whether to delete them; the export goes on in either case.</returns>
    Task<bool> DeleteAsync(IReadOnlyList<string> obsolete);

    /// <summary>The target was changed. What became of each file is told one by one from here on.</summary>
    /// <param name="summary">What was done.</param>
    void Committed(ExportSummary summary);

    /// <summary>One file is as it is to be.</summary>
    ValueTask DoneAsync(ExportedItem item);

    /// <summary>One file could not be put in place, or deleted.</summary>
    ValueTask FailedAsync(ConfigKey key, AcmException error);

    /// <summary>Something that is not an error, but that somebody should know.</summary>
    void Warn(string message);
}
