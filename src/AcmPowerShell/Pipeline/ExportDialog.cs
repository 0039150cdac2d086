using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Reports the progress and errors of an export, and prompts the user.</summary>
/// <param name="pipeline">The output of the command.</param>
/// <param name="progress">The progress of the command.</param>
/// <param name="subject">The source, as in <c>namespace prod of acm.example.com</c>.</param>
/// <param name="target">The target, for prompts.</param>
internal sealed class ExportDialog(PipelineWriter pipeline, ProgressReporter progress, string subject, string target) : IExportObserver
{
    private const int MostNamed = 10;

    // Set by the thread of the export and read by the pipeline thread.
    private volatile ExportSummary? _summary;
    private volatile bool _isCommitting;
    private int _read;
    private int _total;

    /// <summary>Gets a function that returns the requested keys that do not exist. Each is an error.</summary>
    internal Func<IReadOnlyList<ConfigKey>, IEnumerable<ConfigKey>> Missing { get; init; } = _ => [];

    /// <summary>Gets whether to write an object for each file.</summary>
    internal bool PassThru { get; init; }

    /// <summary>Gets whether to delete files without a prompt, and to replace a zip by an empty one.</summary>
    internal bool Force { get; init; }

    /// <summary>Gets whether prompts are skipped. Guards against accidental removals still apply.</summary>
    internal bool IsConfirmed { get; init; }

    /// <summary>Gets whether the export replaces an existing zip.</summary>
    internal bool ReplacesZip { get; init; }

    /// <summary>Gets whether -WhatIf is in effect.</summary>
    internal bool WhatIf { get; init; }

    /// <summary>Gets whether each configuration is written as it is read. Otherwise nothing is written before all are read.</summary>
    internal bool WritesAtOnce { get; init; }

    /// <summary>Gets whether the user declined the export, or -WhatIf is in effect.</summary>
    internal bool IsDeclined { get; private set; }

    /// <summary>Gets whether the target is being changed. This step is completed even if the command is stopped.</summary>
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
            await pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(guard + " Use -Force to continue.", "Path", target)).ConfigureAwait(false);
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

    // An empty or much smaller export is usually the result of a wrong name.
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

    /// <summary>Returns a warning that says what was written when the command was stopped.</summary>
    /// <param name="byUser">Whether Ctrl+C stopped the command, as opposed to the end of the pipeline.</param>
    /// <returns>The warning, or null if everything was written and the user did not stop the command.</returns>
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
