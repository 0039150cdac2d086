using System.Collections.Concurrent;

namespace Acm.Client.Local;

/// <summary>Writes files atomically: a reader sees either the old or the new content.</summary>
internal static class AtomicFile
{
    /// <summary>Age from which a temporary file is considered abandoned.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Folders that this process has already cleaned of abandoned files: once each, since they may contain thousands of files.</summary>
    private static readonly ConcurrentDictionary<string, bool> Tidied = new(StringComparer.Ordinal);

    private static DateTime AbandonedBefore => TimeProvider.System.GetUtcNow().UtcDateTime - Abandoned;

    /// <summary>Replaces or creates a file. A missing folder is created.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="flush">Whether to flush the content to disk before the rename; otherwise a power failure may leave a torn file.</param>
    /// <param name="isSecret">Whether only the owner may access the file; otherwise it keeps the mode of the file it replaces, or gets the default.</param>
    /// <exception cref="IOException">The file could not be written; the old one is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access was denied; the old file is unchanged.</exception>
    public static void Write(string path, byte[] bytes, bool flush, bool isSecret = true)
    {
        Tidy(Path.GetDirectoryName(path)!);
        Write(LocalPath.TemporaryFor(path), path, bytes, flush, isSecret);
    }

    /// <summary>
    /// Replaces or creates a file of secrets for the owner only. Leftovers of killed processes, which contain secrets too, are removed each time. A missing folder is created.
    /// </summary>
    /// <exception cref="IOException">The file could not be written; the old one is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">Access was denied; the old file is unchanged.</exception>
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
            // The folder does not exist yet, or the leftovers belong to another user; writing the file reports real problems.
            return;
        }
    }

    /// <summary>Moves a file over another one or to a new name; removes it on failure.</summary>
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

    /// <summary>Moves a file to a name that may exist, in one step.</summary>
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
    /// <summary>Resolves a symbolic link, so that the file is written and the link stays.</summary>
    public static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
#else
    /// <summary>Returns the path. Links are rejected, because this framework cannot resolve them.</summary>
    public static string Target(string path) => File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0
        ? throw new IOException($"'{path}' is a symbolic link. Specify the file that it points to.")
        : path;
#endif
}
