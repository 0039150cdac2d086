namespace Acm.Client.Transfer;

/// <summary>
/// Exports the configurations of a client's namespace. What is exported is what the servers hold, never a failover file, and snapshots only where no server can list the namespace. A
/// configuration that can't be read is told to the observer and the others go on, unless the servers do not answer any more: that ends the export.
/// </summary>
public sealed class ConfigExporter
{
    private readonly AcmClient _client;
    private readonly ExportOptions _options;

    /// <summary>Prepares an export; nothing is sent yet.</summary>
    /// <param name="client">Whose namespace is exported.</param>
    /// <param name="options">What to export, and how; null for everything.</param>
    public ConfigExporter(AcmClient client, ExportOptions? options = null)
    {
        _client = client ?? throw new ArgumentNullException(nameof(client));
        _options = options ?? new ExportOptions();
        OptionRules.Range(_options.Parallelism, 1, AcmClient.MaxParallelism, nameof(_options.Parallelism));
    }

    /// <summary>
    /// Exports into a folder, which is created where it is missing: DEFAULT_GROUP at the top, other groups in folders of theirs. Everything is read before the first file
    /// changes. Files that hold the value already are left alone.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Ends the export, and leaves the folder as it was; without effect once files are being moved into place.</param>
    /// <exception cref="AcmException">The list can't be read; <see cref="AcmErrorKind.StorageFailed"/>: the folder can't be written to, or another export goes on there.</exception>
    public Task<ExportSummary> ToFolderAsync(string path, CancellationToken cancellationToken = default) =>
        RunAsync(() => new FolderTarget(WithoutSeparator(Path.GetFullPath(path)), decrypts: !_options.NoDecrypt), _options.NoDecrypt, cancellationToken);

    /// <summary>Exports into a zip, which takes the place of one that is there in one step, once it is whole.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="cancellationToken">Ends the export, and leaves a zip that was there as it was.</param>
    /// <exception cref="AcmException">The list can't be read; <see cref="AcmErrorKind.StorageFailed"/>: the zip can't be written.</exception>
    public Task<ExportSummary> ToZipAsync(string path, CancellationToken cancellationToken = default) =>
        RunAsync(() => new ZipTarget(Path.GetFullPath(path), decrypts: !_options.NoDecrypt, _options.ZipLayout), _options.NoDecrypt, cancellationToken);

    /// <summary>Exports into a failover folder, so that its values go before every server's. Nothing is decrypted: what is read from there is decrypted then.</summary>
    /// <param name="path">The failover folder, as <see cref="AcmClientOptions.FailoverPath"/> names it.</param>
    /// <param name="cancellationToken">Ends the export; what was exported by then stays.</param>
    /// <exception cref="AcmException">The list can't be read; <see cref="AcmErrorKind.StorageFailed"/>: the folder can't be written to.</exception>
    public Task<ExportSummary> ToFailoverAsync(string path, CancellationToken cancellationToken = default) =>
        RunAsync(() => new FailoverTarget(Path.GetFullPath(path), _client.Namespace, _client.Clock), noDecrypt: true, cancellationToken);

    private static string WithoutSeparator(string path) =>
        path.Length > Path.GetPathRoot(path)!.Length ? path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) : path;

    private async Task<ExportSummary> RunAsync(Func<IExportTarget> target, bool noDecrypt, CancellationToken cancellationToken)
    {
        using var run = new ExportRun(_client, _options, target, noDecrypt);
        return await run.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
