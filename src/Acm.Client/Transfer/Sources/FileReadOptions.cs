using System.Text;

namespace Acm.Client.Transfer;

/// <summary>How the files of a folder or zip are read.</summary>
public sealed class FileReadOptions
{
    /// <summary>The encoding of the files; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>The group of the files where there are no folders for groups; null for the default group. Where there are folders, each file keeps the group of its place.</summary>
    public string? FlatGroup { get; init; }
}
