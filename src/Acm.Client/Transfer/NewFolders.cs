using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>Tracks the folders that an export created, so that a cancelled export leaves no empty folders.</summary>
internal sealed class NewFolders
{
    private readonly List<string> _created = [];

    /// <summary>Creates a folder and its missing parents.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="isSecret">Whether new folders are for the owner only.</param>
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
        // The deepest first, because their parents contain them.
        foreach (string folder in _created.OrderByDescending(folder => folder.Length)) LocalFile.RemoveFolderIfEmpty(folder);
    }
}
