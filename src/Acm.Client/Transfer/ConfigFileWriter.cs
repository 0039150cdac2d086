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
            bool isNew = Store(Target(Path.GetFullPath(path)), bytes, config.IsDecrypted);
            return new ExportedItem { DataId = config.DataId, Group = config.Group, State = isNew ? ExportState.Exported : ExportState.Unchanged, Path = path, Size = bytes.Length };
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"Cannot write '{config.Key}' to '{path}': {e.Message}", e) { Key = config.Key };
        }
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
        string temporary = LocalPath.TemporaryFor(path);
        bool written = false;
        try
        {
            using (FileStream stream = FileRights.Create(temporary, isSecret)) stream.Write(bytes, 0, bytes.Length);
            if (!isSecret) FileRights.Keep(path, temporary);
            AtomicFile.Replace(temporary, path);
            written = true;
        }
        finally
        {
            if (!written) File.Delete(temporary);
        }

        return true;
    }

#if NET
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
#else
    /// <summary>A link is refused: this framework can't tell where it leads.</summary>
    private static string Target(string path) => File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0
        ? throw new IOException($"'{path}' is a symbolic link. Name the file that it leads to.")
        : path;
#endif
}
