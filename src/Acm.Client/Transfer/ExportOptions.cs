namespace Acm.Client.Transfer;

/// <summary>Options of an export.</summary>
public sealed class ExportOptions
{
    /// <summary>Gets the filter for configurations to export, and for files that may be deleted; null for all.</summary>
    public Func<ConfigKey, bool>? Filter { get; init; }

    /// <summary>Gets the maximum number of parallel requests: 1 to 1,000, by default 24, below the 30 connections that Alibaba Cloud allows per IP address.</summary>
    public int Parallelism { get; init; } = 24;

    /// <summary>Gets whether encrypted configurations are exported as cipher text. Failover folders always contain cipher text.</summary>
    public bool NoDecrypt { get; init; }

    /// <summary>
    /// Gets whether files of a folder are deleted if the server does not have their configurations. Requires that everything was read and that the
    /// observer agrees. A zip is always replaced completely.
    /// </summary>
    public bool Delete { get; init; }

    /// <summary>
    /// Gets whether an empty namespace may be exported; otherwise the error is <see cref="AcmErrorKind.ConfigNotFound"/>, because servers do not distinguish it from one that does not exist.
    /// </summary>
    public bool AllowEmpty { get; init; }

    /// <summary>Gets the layout of a zip. Folders always have the layout of this module.</summary>
    public ZipLayout ZipLayout { get; init; }

    /// <summary>Gets time-out and log of the calls. Other options, such as for snapshots, are ignored.</summary>
    public AcmCallOptions? Call { get; init; }

    /// <summary>Gets the observer, which is asked before files are deleted; null to agree to everything.</summary>
    public IExportObserver? Observer { get; init; }
}
