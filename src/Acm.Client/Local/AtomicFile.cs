using System.Collections.Concurrent;

namespace Acm.Client.Local;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>How old a temporary file is that nobody writes any more.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Folders that this process looked through for what another one left: once each, since they may hold thousands of files.</summary>
    private static readonly ConcurrentDictionary<string, bool> Tidied = new(StringComparer.Ordinal);

    private static DateTime AbandonedBefore => TimeProvider.System.GetUtcNow().UtcDateTime - Abandoned;

    /// <summary>Replaces or creates a file. A missing folder is created.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">All that it is to hold.</param>
    /// <param name="flush">Have the bytes on the disk before the file gets its name; else a power cut may leave it torn.</param>
    /// <param name="isSecret">Whether the file is for its owner only; else it gets the rights of the one that it replaces, or those that every new file gets.</param>
    /// <exception cref="IOException">It could not be written; what was there is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there is untouched.</exception>
    public static void Write(string path, byte[] bytes, bool flush, bool isSecret = true)
    {
        Tidy(Path.GetDirectoryName(path)!);
        Write(LocalPath.TemporaryFor(path), path, bytes, flush, isSecret);
    }

    /// <summary>
    /// Replaces or creates a file of secrets in a folder of the user's, for its owner only. What a killed process left of it is removed each time, as it holds secrets as well. A missing folder is created.
    /// </summary>
    /// <exception cref="IOException">It could not be written; what was there is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there is untouched.</exception>
    public static void WriteSecret(string path, byte[] bytes)
    {
        TryTidy(() => LocalPath.RemoveAbandonedSecrets(path, AbandonedBefore));
        Write(LocalPath.SecretTemporaryFor(path), path, bytes, flush: true, isSecret: true);
    }

    private static void Write(string temporary, string path, byte[] bytes, bool flush, bool isSecret)
    {
        try
        {
            WriteTemporary(temporary, bytes, flush, isSecret);
        }
        catch (DirectoryNotFoundException)
        {
            FileRights.CreateFolder(Path.GetDirectoryName(path)!);
            WriteTemporary(temporary, bytes, flush, isSecret);
        }

        Rename(temporary, path, isSecret);
    }

    private static void Tidy(string folder)
    {
        if (Tidied.TryAdd(folder, true)) TryTidy(() => LocalPath.RemoveAbandoned(folder, AbandonedBefore));
    }

    private static void TryTidy(Action tidy)
    {
        try
        {
            tidy();
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // There is no such folder yet, or what is left there is not ours to remove: the file can be written all the same, or that tells why not.
            return;
        }
    }

    /// <summary>Moves a file over another one, or to a new name; removes it where that fails.</summary>
    private static void Rename(string temporary, string path, bool isSecret)
    {
        bool renamed = false;
        try
        {
            if (!isSecret) FileRights.Keep(path, temporary);
            Replace(temporary, path);
            renamed = true;
        }
        finally
        {
            if (!renamed) File.Delete(temporary);
        }
    }

    /// <summary>Moves a file to a name that may be taken, in one step.</summary>
    public static void Replace(string source, string target)
    {
#if NET
        File.Move(source, target, overwrite: true);
#else
        if (File.Exists(target))
        {
            File.Replace(source, target, destinationBackupFileName: null);
            return;
        }

        try
        {
            File.Move(source, target);
        }
        catch (IOException) when (File.Exists(target))
        {
            File.Replace(source, target, destinationBackupFileName: null);
        }
#endif
    }

    private static void WriteTemporary(string temporary, byte[] bytes, bool flush, bool isSecret)
    {
        bool written = false;
        using FileStream stream = FileRights.Create(temporary, isSecret);
        try
        {
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush(flush);
            written = true;
        }
        finally
        {
            if (!written)
            {
                stream.Dispose();
                File.Delete(temporary);
            }
        }
    }

#if NET
    /// <summary>The file that a link leads to: it is written through, so that it stays a link.</summary>
    public static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
#else
    /// <summary>The file itself. A link is refused: this framework can't tell where it leads.</summary>
    public static string Target(string path) => File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0
        ? throw new IOException($"'{path}' is a symbolic link. Specify the file that it points to.")
        : path;
#endif
}
