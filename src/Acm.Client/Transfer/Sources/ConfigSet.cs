using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>
/// Configurations that lie in one place: a folder, a zip, or a namespace on servers. What is compared and moved. Opening one reads names only; content is read as it is needed,
/// some at a time.
/// </summary>
public abstract class ConfigSet : IDisposable
{
    private protected ConfigSet(string name) => Name = name;

    /// <summary>What a person calls it.</summary>
    public string Name { get; }

    /// <summary>The files of a folder: data ids of DEFAULT_GROUP at the top, those of other groups in a folder a group. Hidden files and folders are passed over.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="name">What a person calls it; null for the path.</param>
    /// <param name="options">How the files are read; null for UTF-8 and the groups of their places.</param>
    public static ConfigSet OfFolder(string path, string? name = null, FileReadOptions? options = null) => new FolderSet(path, name ?? path, ReadLimits.Default) { Options = options ?? new FileReadOptions() };

    /// <summary>The entries of a zip, laid out as a folder is.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="name">What a person calls it; null for the path.</param>
    /// <param name="options">How the files are read; null for UTF-8 and the groups of their places.</param>
    public static ConfigSet OfZip(string path, string? name = null, FileReadOptions? options = null) => new ZipSet(path, name ?? path, ReadLimits.Default) { Options = options ?? new FileReadOptions() };

    /// <summary>A namespace as the servers hold it: neither failover files nor snapshots have a say in it.</summary>
    /// <param name="client">The client, in that namespace. It is not disposed of with this.</param>
    /// <param name="name">What a person calls it.</param>
    public static ConfigSet OfNamespace(AcmClient client, string name) => new NamespaceSet(client ?? throw new ArgumentNullException(nameof(client)), name);

    /// <summary>Closes what was opened.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what was opened.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>What is there, without content. What is wrong with names and sizes is noted as a problem.</summary>
    /// <param name="reading">What is wanted.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal abstract Task<IReadOnlyList<SetEntry>> OpenAsync(SetReading reading, ProblemList problems, CancellationToken cancellationToken);

    /// <summary>Reads entries, each once, in their order; the next ones are on their way while these are worked on.</summary>
    internal abstract IAsyncEnumerable<SetText> ReadAsync(IReadOnlyList<SetEntry> entries, SetReading reading, CancellationToken cancellationToken);
}
