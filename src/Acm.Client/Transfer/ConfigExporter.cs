namespace Acm.Client.Transfer;

/// <summary>
/// Exports the configurations of a client's namespace as the servers store them: never failover files, and snapshots only if no server can list the namespace. A
/// configuration that cannot be read is reported to the observer; the export is cancelled only if the servers stop answering.
/// </summary>
public sealed class ConfigExporter
{
    private readonly AcmClient _client;
    private readonly ExportOptions _options;

    /// <summary>Creates an exporter. No request is sent yet.</summary>
    /// <param name="client">The client of the namespace.</param>
    /// <param name="options">The options; null to export everything.</param>
    public ConfigExporter(AcmClient client, ExportOptions? options = null)
    {
        _client = client ?? throw new ArgumentNullException(nameof(client));
        _options = options ?? new ExportOptions();
        OptionRules.Range(_options.Parallelism, 1, AcmClient.MaxParallelism, nameof(_options.Parallelism));
    }

    /// <summary>
    /// Exports to a folder, which is created if missing: DEFAULT_GROUP at the top, other groups in subfolders. Everything is read before the first file
    /// changes. Files with the same content are left unchanged.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Cancels the operation and leaves the folder unchanged; ignored once files are being moved into place.</param>
    /// <exception cref="AcmException">The list cannot be read; <see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be written to, or another export into it is in progress.</exception>
    public Task<ExportSummary> ToFolderAsync(string path, CancellationToken cancellationToken = default) =>
        RunAsync(() => new FolderTarget(WithoutSeparator(Path.GetFullPath(path)), decrypts: !_options.NoDecrypt), _options.NoDecrypt, cancellationToken);

    /// <summary>Exports to a zip, which atomically replaces an existing one when it is complete.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="cancellationToken">Cancels the operation and leaves an existing zip unchanged.</param>
    /// <exception cref="AcmException">The list cannot be read; <see cref="AcmErrorKind.StorageFailed"/>: the zip cannot be written.</exception>
    public Task<ExportSummary> ToZipAsync(string path, CancellationToken cancellationToken = default) =>
        RunAsync(() => new ZipTarget(Path.GetFullPath(path), decrypts: !_options.NoDecrypt, _options.ZipLayout), _options.NoDecrypt, cancellationToken);

    /// <summary>Exports to a failover folder, whose files take precedence over every server. Nothing is decrypted; that happens when the files are read.</summary>
    /// <param name="path">The failover folder, as in <see cref="AcmClientOptions.FailoverPath"/>.</param>
    /// <param name="cancellationToken">Cancels the operation; files exported before stay.</param>
    /// <exception cref="AcmException">The list cannot be read; <see cref="AcmErrorKind.StorageFailed"/>: the folder cannot be written to.</exception>
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
