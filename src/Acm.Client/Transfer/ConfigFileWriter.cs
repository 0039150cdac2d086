using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>Writes a configuration to a file of any name: the content in UTF-8.</summary>
public static class ConfigFileWriter
{
    /// <summary>Writes the content atomically. A file with the same content is left unchanged; links are followed; missing folders are created. Decrypted content is readable by the owner only.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="path">The path of the file.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the file could not be written; <see cref="AcmErrorKind.InvalidContent"/>: the text is not valid UTF-16.</exception>
    public static ExportedItem Write(AcmConfig config, string path)
    {
        if (config is null) throw new ArgumentNullException(nameof(config));

        byte[] bytes = TransferText.ToBytes(config.Key, config.Content);
        try
        {
            bool isNew = Store(AtomicFile.Target(Path.GetFullPath(path)), bytes, config.IsDecrypted);
            return new ExportedItem { DataId = config.DataId, Group = config.Group, State = isNew ? ExportState.Exported : ExportState.Unchanged, Path = path, Size = bytes.Length };
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"Cannot write '{config.Key}' to '{path}': {e.Message}", e) { Key = config.Key };
        }
    }

    /// <summary>Writes a file of secrets atomically, for the owner only. Links are followed; the folder must exist.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="bytes">The content.</param>
    /// <exception cref="IOException">The file could not be written; the old one is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access was denied; the old file is unchanged.</exception>
    public static void WriteSecret(string path, byte[] bytes)
    {
        if (bytes is null) throw new ArgumentNullException(nameof(bytes));

        string target = AtomicFile.Target(Path.GetFullPath(path));
        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder)) throw new DirectoryNotFoundException($"The folder '{folder}' was not found.");

        AtomicFile.WriteSecret(target, bytes);
    }

    private static bool Store(string path, byte[] bytes, bool isSecret)
    {
        if (SpecialFile.Is(new FileInfo(path)))
        {
            // A device or a pipe is written to and not replaced.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
            stream.Write(bytes, 0, bytes.Length);
            return true;
        }

        if (LocalFile.Read(path) is { } present && present.AsSpan().SequenceEqual(bytes))
        {
            if (isSecret) FileRights.Restrict(path);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, bytes, flush: false, isSecret);
        return true;
    }
}
