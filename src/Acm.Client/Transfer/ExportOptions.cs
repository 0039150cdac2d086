namespace Acm.Client.Transfer;

/// <summary>What to export, and how.</summary>
public sealed class ExportOptions
{
    /// <summary>Which configurations to export, and which files the deletion may concern; null for all.</summary>
    public Func<ConfigKey, bool>? Filter { get; init; }

    /// <summary>Requests in flight at once: 1 to 1,000, by default 24, below the 30 connections that the vendor allows an address.</summary>
    public int Parallelism { get; init; } = 24;

    /// <summary>Export encrypted configurations as the server holds them. A failover folder always gets them so.</summary>
    public bool NoDecrypt { get; init; }

    /// <summary>
    /// Delete the files of a folder that stand for configurations which the server does not have. Only where everything could be read, and after the
    /// observer agreed. A zip never holds others.
    /// </summary>
    public bool Delete { get; init; }

    /// <summary>
    /// Export a namespace that has nothing at all; without this it is <see cref="AcmErrorKind.ConfigNotFound"/>, because servers do not tell it from one that does not exist.
    /// </summary>
    public bool AllowEmpty { get; init; }

    /// <summary>The layout of a zip. A folder has always that of this module.</summary>
    public ZipLayout ZipLayout { get; init; }

    /// <summary>Time limit and log of the calls. Snapshots and failover files are never exported, whatever it says.</summary>
    public AcmCallOptions? Call { get; init; }

    /// <summary>Hears how it goes and is asked before files are deleted; null for nobody, who agrees to all.</summary>
    public IExportObserver? Observer { get; init; }
}
