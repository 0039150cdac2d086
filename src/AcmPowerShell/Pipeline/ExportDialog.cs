using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Brings an export to the streams of its command, and its questions to the user.</summary>
/// <param name="pipeline">Where they go.</param>
/// <param name="progress">Counts what was read.</param>
/// <param name="subject">What is exported and from where, as in <c>namespace prod of acm.example.com</c>.</param>
/// <param name="target">Where it goes, as the user is asked about it.</param>
internal sealed class ExportDialog(PipelineWriter pipeline, ProgressReporter progress, string subject, string target) : IExportObserver
{
    private const int MostNamed = 10;

    // Read by the pipeline thread, set by the export's.
    private volatile ExportSummary? _summary;
    private volatile bool _isCommitting;
    private int _read;
    private int _total;

    /// <summary>Keys that were asked for by name, and whose absence is an error.</summary>
    internal Func<IReadOnlyList<ConfigKey>, IEnumerable<ConfigKey>> Missing { get; init; } = _ => [];

    /// <summary>Whether each file is written as an object.</summary>
    internal bool PassThru { get; init; }

    /// <summary>Whether files are deleted without a question, and a zip may give way to an empty one.</summary>
    internal bool Force { get; init; }

    /// <summary>Whether questions are answered beforehand. The guards stay.</summary>
    internal bool IsConfirmed { get; init; }

    /// <summary>Whether a zip is there, which the export takes the place of.</summary>
    internal bool ReplacesZip { get; init; }

    /// <summary>Whether it is only told what would be done.</summary>
    internal bool WhatIf { get; init; }

    /// <summary>Whether each configuration goes into place as it is read; else nothing changes before all is read.</summary>
    internal bool WritesAtOnce { get; init; }

    /// <summary>Whether the user declined, or only wanted to see.</summary>
    internal bool IsDeclined { get; private set; }

    /// <summary>Whether the target is being changed, which takes less time to finish than to explain.</summary>
    internal bool IsCommitting => _isCommitting && _summary is null;

    public async Task<bool> StartAsync(IReadOnlyList<ConfigKey> keys, IReadOnlyList<string> obsolete)
    {
        foreach (ConfigKey key in Missing(keys))
        {
            var error = new AcmException(AcmErrorKind.ConfigNotFound, $"Configuration '{key}' was not found in {subject}.") { Key = key };
            await pipeline.WriteErrorAsync(AcmErrors.Record(error, key)).ConfigureAwait(false);
        }

        if (!Force && Guard(keys.Count, obsolete.Count) is { } guard)
        {
            IsDeclined = true;
            await pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(guard + " -Force does that.", "Path", target)).ConfigureAwait(false);
            return false;
        }

        string some = keys.Count == 1 ? "1 configuration" : $"{keys.Count} configurations";
        if (await pipeline.ShouldProcessAsync(target, $"Export {some} of {subject}").ConfigureAwait(false))
        {
            progress.Total = _total = keys.Count;
            return true;
        }

        IsDeclined = true;
        if (WhatIf)
        {
            foreach (string file in obsolete) await pipeline.ShouldProcessAsync(file, "Delete file").ConfigureAwait(false);
        }

        return false;
    }

    public async ValueTask ReadAsync(ConfigKey key, AcmException? error)
    {
        progress.Current = key.ToString();
        progress.Advance();
        if (error is not null) await FailedAsync(key, error).ConfigureAwait(false);
        else Interlocked.Increment(ref _read);
    }

    // Nothing to export, or next to nothing, is more often a wrong name than a wish.
    private string? Guard(int keys, int obsolete) =>
        keys == 0 && ReplacesZip ? $"No configurations to export in {subject}: an empty zip would replace '{target}'."
        : keys == 0 && obsolete > 0 ? $"No configurations to export in {subject}: -Delete would delete all {obsolete} configuration files of '{target}'."
        : IsConfirmed && RemovalGuard.IsSuspicious(keys, obsolete) ? $"-Delete would delete {obsolete} files of '{target}', but {subject} has {keys} configurations to export."
        : null;

    public async Task CommitAsync()
    {
        await pipeline.HeardAsync().ConfigureAwait(false);
        _isCommitting = true;
    }

    public void Committed(ExportSummary summary) => _summary = summary;

    /// <summary>What was written when the command was stopped.</summary>
    /// <param name="byUser">Whether the user stopped it, not a pipeline that wants no more rows.</param>
    /// <returns>A sentence; null where all was written and nobody asked.</returns>
    internal string? StoppedNotice(bool byUser)
    {
        if (_summary is { } summary) return byUser ? $"Stopped after the export was complete: {summary}." : null;

        if (_isCommitting) return $"Stopped while the files of '{target}' were being replaced. Run the command again to make sure that all of them were.";

        int read = Volatile.Read(ref _read);
        return WritesAtOnce && read > 0
            ? $"Stopped: {read} of {_total} configurations were written to '{target}'. Run the command again to write the others."
            : $"Stopped: nothing was written to '{target}'.";
    }

    public async Task<bool> DeleteAsync(IReadOnlyList<string> obsolete)
    {
        if (Force || IsConfirmed) return true;

        string some = obsolete.Count == 1 ? $"1 file in '{target}' belongs to a configuration" : $"{obsolete.Count} files in '{target}' belong to configurations";
        string names = string.Join("\n", obsolete.Take(MostNamed)) + (obsolete.Count > MostNamed ? $"\n... and {obsolete.Count - MostNamed} more" : "");
        return await pipeline.ShouldContinueAsync($"{some} that {subject} does not have:\n{names}\nDelete?", "Delete files").ConfigureAwait(false);
    }

    public ValueTask DoneAsync(ExportedItem item) => PassThru ? pipeline.WriteObjectAsync(item) : default;

    public ValueTask FailedAsync(ConfigKey key, AcmException error) => pipeline.WriteErrorAsync(AcmErrors.Record(error, key));

    public void Warn(string message) => pipeline.WriteWarning(message);
}
