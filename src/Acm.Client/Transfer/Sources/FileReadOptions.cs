using System.Text;

namespace Acm.Client.Transfer;

/// <summary>Options for reading the files of a folder or zip.</summary>
public sealed class FileReadOptions
{
    /// <summary>Gets the encoding of the files; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Gets the group of all files if there are no subfolders; null for the default group. With subfolders, each file has the group of its folder.</summary>
    public string? FlatGroup { get; init; }
}
