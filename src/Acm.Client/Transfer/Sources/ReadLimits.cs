namespace Acm.Client.Transfer.Sources;

/// <summary>Limits of a folder or zip, far above any namespace and far below the available memory.</summary>
internal sealed class ReadLimits
{
    private const int Megabyte = 1024 * 1024;

    public static readonly ReadLimits Default = new();

    /// <summary>Gets the maximum number of files, including hidden ones.</summary>
    public int Files { get; init; } = 100_000;

    /// <summary>Gets the maximum size of a file in bytes. Larger content could not be read back from a server.</summary>
    public long FileBytes { get; init; } = 16 * Megabyte;

    /// <summary>Gets the maximum total size of all files in bytes, uncompressed.</summary>
    public long TotalBytes { get; init; } = 1024L * Megabyte;

    /// <summary>Gets the size from which entries must not exceed <see cref="Ratio"/>. Small texts with equal lines may compress better.</summary>
    public long RatioFrom { get; init; } = Megabyte;

    /// <summary>Gets the maximum compression ratio.</summary>
    public int Ratio { get; init; } = 200;
}
