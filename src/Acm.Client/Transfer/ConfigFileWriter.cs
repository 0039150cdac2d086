using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>Writes one configuration to a file of any name: its content in UTF-8, with nothing added.</summary>
public static class ConfigFileWriter
{
    /// <summary>Writes the content, whole or not at all. A file that holds it already is left alone; a link is written through; missing folders are created. What was decrypted is for the owner only.</summary>
    /// <param name="config">The configuration, with the content to write.</param>
    /// <param name="path">The file.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: the file could not be written; <see cref="AcmErrorKind.InvalidContent"/>: the text can't be UTF-8.</exception>
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

    /// <summary>Writes what was made of configurations, for the owner only, whole or not at all. A link is written through; the folder has to exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">All that it is to hold.</param>
    /// <exception cref="IOException">It could not be written; what was there is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there is untouched.</exception>
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
            // A device or a pipe is written to; a file in its place would be its end.
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
