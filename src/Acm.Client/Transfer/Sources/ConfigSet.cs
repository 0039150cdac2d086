using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>
/// A set of configurations to compare or transfer: a folder, a zip, or a namespace. Opening it reads names only; content is read on demand,
/// a limited number at a time.
/// </summary>
public abstract class ConfigSet : IDisposable
{
    private protected ConfigSet(string name) => Name = name;

    /// <summary>Gets the display name.</summary>
    public string Name { get; }

    /// <summary>Creates the set of a folder's files: data IDs of DEFAULT_GROUP at the top, those of other groups in subfolders. Hidden files and folders are skipped.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="name">The display name; null for the path.</param>
    /// <param name="options">How to read files; null for UTF-8 and the groups of their folders.</param>
    public static ConfigSet OfFolder(string path, string? name = null, FileReadOptions? options = null) => new FolderSet(path, name ?? path, ReadLimits.Default) { Options = options ?? new FileReadOptions() };

    /// <summary>Creates the set of a zip's entries, with the layout of a folder.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="name">The display name; null for the path.</param>
    /// <param name="options">How to read files; null for UTF-8 and the groups of their folders.</param>
    public static ConfigSet OfZip(string path, string? name = null, FileReadOptions? options = null) => new ZipSet(path, name ?? path, ReadLimits.Default) { Options = options ?? new FileReadOptions() };

    /// <summary>Creates the set of a namespace as the servers store it, without failover files and snapshots.</summary>
    /// <param name="client">The client of the namespace. It is not disposed with the set.</param>
    /// <param name="name">The display name.</param>
    public static ConfigSet OfNamespace(AcmClient client, string name) => new NamespaceSet(client ?? throw new ArgumentNullException(nameof(client)), name);

    /// <summary>Closes open files.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes open files.</summary>
    /// <param name="disposing">True if called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Lists the configurations without content. Invalid names and sizes are recorded as problems.</summary>
    /// <param name="reading">The filter and options.</param>
    /// <param name="problems">Receives problems.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    internal abstract Task<IReadOnlyList<SetEntry>> OpenAsync(SetReading reading, ProblemList problems, CancellationToken cancellationToken);

    /// <summary>Reads entries in order, each once; the next ones are read ahead.</summary>
    internal abstract IAsyncEnumerable<SetText> ReadAsync(IReadOnlyList<SetEntry> entries, SetReading reading, CancellationToken cancellationToken);
}
