using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>The folders that an export created, so that one that was stopped leaves no empty folder behind.</summary>
internal sealed class NewFolders
{
    private readonly List<string> _created = [];

    /// <summary>Creates a folder and those above it that are missing.</summary>
    /// <param name="path">The folder, a full path.</param>
    /// <param name="isSecret">Whether new folders are for their owner only.</param>
    public void Create(string path, bool isSecret)
    {
        if (Directory.Exists(path)) return;

        for (string? folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)) _created.Add(folder);
        if (isSecret) FileRights.CreateFolder(path);
        else Directory.CreateDirectory(path);
    }

    /// <summary>Removes the created folders that are empty.</summary>
    public void RemoveEmpty()
    {
        // The deepest first: it is what the one above it holds.
        foreach (string folder in _created.OrderByDescending(folder => folder.Length)) LocalFile.RemoveFolderIfEmpty(folder);
    }
}
