namespace Acm.Client.Transfer;

/// <summary>Where an export goes. Nothing of what was there changes before <see cref="Commit"/>.</summary>
internal interface IExportTarget : IDisposable
{
    /// <summary>The folder or file.</summary>
    string Path { get; }

    /// <summary>What somebody should know of it beforehand, as a sentence; null for nothing.</summary>
    string? Problem { get; }

    /// <summary>What of that which was added it has no place for, as a sentence; null for nothing.</summary>
    string? Loss { get; }

    /// <summary>Files that the deletion would concern.</summary>
    /// <param name="isObsolete">Whether a configuration is to be deleted where a file for it is found.</param>
    IReadOnlyList<string> FindObsolete(Func<ConfigKey, bool> isObsolete);

    /// <summary>Gets ready to take files.</summary>
    /// <param name="mayHoldSecrets">Whether what is created is to be for its owner only.</param>
    void Open(bool mayHoldSecrets);

    /// <summary>Takes a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="path">Its path in the layout.</param>
    /// <exception cref="AcmException">This one can't be taken; others can.</exception>
    /// <exception cref="IOException">The target takes nothing any more.</exception>
    /// <exception cref="UnauthorizedAccessException">The target takes nothing any more.</exception>
    void Add(AcmConfig config, string path);

    /// <summary>Puts all that was added in place.</summary>
    /// <param name="deletes">Whether the obsolete files go.</param>
    /// <returns>What became of each file, a configuration that could not be put in place as an error.</returns>
    IReadOnlyList<ExportOutcome> Commit(bool deletes);
}
