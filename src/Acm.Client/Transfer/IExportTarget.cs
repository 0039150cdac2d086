namespace Acm.Client.Transfer;

/// <summary>The target of an export. Existing content does not change before <see cref="Commit"/>.</summary>
internal interface IExportTarget : IDisposable
{
    /// <summary>Gets the path of the folder or file.</summary>
    string Path { get; }

    /// <summary>Gets a warning about the target, as a sentence; null for none.</summary>
    string? Problem { get; }

    /// <summary>Gets a warning about data that the target cannot store, as a sentence; null for none.</summary>
    string? Loss { get; }

    /// <summary>Finds the files to delete.</summary>
    /// <param name="isObsolete">Returns whether files of a configuration are to be deleted.</param>
    IReadOnlyList<string> FindObsolete(Func<ConfigKey, bool> isObsolete);

    /// <summary>Prepares the target for writing.</summary>
    /// <param name="mayHoldSecrets">Whether new files and folders are for the owner only.</param>
    void Open(bool mayHoldSecrets);

    /// <summary>Adds a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="path">Its path in the layout.</param>
    /// <exception cref="AcmException">This configuration cannot be added; others can.</exception>
    /// <exception cref="IOException">The target cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The target cannot be written to.</exception>
    void Add(AcmConfig config, string path);

    /// <summary>Moves everything that was added into place.</summary>
    /// <param name="deletes">Whether to delete the obsolete files.</param>
    /// <returns>The result for each file.</returns>
    IReadOnlyList<ExportOutcome> Commit(bool deletes);
}
