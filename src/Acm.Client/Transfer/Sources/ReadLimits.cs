namespace Acm.Client.Transfer.Sources;

/// <summary>What a folder or zip may hold: far above any namespace, far below what fills a memory.</summary>
internal sealed class ReadLimits
{
    private const int Megabyte = 1024 * 1024;

    public static readonly ReadLimits Default = new();

    /// <summary>Files, hidden ones included.</summary>
    public int Files { get; init; } = 100_000;

    /// <summary>Bytes of one file. No server's answer may be larger to this client, so that what is larger could not be read back.</summary>
    public long FileBytes { get; init; } = 16 * Megabyte;

    /// <summary>Bytes of all files together, unpacked.</summary>
    public long TotalBytes { get; init; } = 1024L * Megabyte;

    /// <summary>Entries from this size on may not be packed more than <see cref="Ratio"/> to one. Smaller ones may: text of a few equal lines is.</summary>
    public long RatioFrom { get; init; } = Megabyte;

    /// <summary>How many bytes may come of one packed byte.</summary>
    public int Ratio { get; init; } = 200;
}
