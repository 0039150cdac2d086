using System.Collections.Concurrent;

namespace Acm.Client.Local;

/// <summary>Writes a file whole or not at all. New files and folders are for their owner only, where the platform can say so.</summary>
internal static class AtomicFile
{
    /// <summary>How old a temporary file is that nobody writes any more.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Folders that this process looked through for what another one left: once each, since they may hold thousands of files.</summary>
    private static readonly ConcurrentDictionary<string, bool> Tidied = new(StringComparer.Ordinal);

    /// <summary>Replaces or creates a file. A missing folder is created.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">All that it is to hold.</param>
    /// <param name="flush">Have the bytes on the disk before the file gets its name; else a power cut may leave it torn.</param>
    /// <exception cref="IOException">It could not be written; what was there is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there is untouched.</exception>
    public static void Write(string path, byte[] bytes, bool flush)
    {
        string temporary = LocalPath.TemporaryFor(path);
        Tidy(Path.GetDirectoryName(path)!);
        try
        {
            WriteTemporary(temporary, bytes, flush);
        }
        catch (DirectoryNotFoundException)
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            WriteTemporary(temporary, bytes, flush);
        }

        Rename(temporary, path);
    }

    private static void Tidy(string folder)
    {
        if (!Tidied.TryAdd(folder, true)) return;

        try
        {
            LocalPath.RemoveAbandoned(folder, TimeProvider.System.GetUtcNow().UtcDateTime - Abandoned);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // There is no such folder yet, or what is left there is not ours to remove: the file can be written all the same, or that tells why not.
            return;
        }
    }

    /// <summary>Moves a file over another one, or to a new name; removes it where that fails.</summary>
    private static void Rename(string temporary, string path)
    {
        bool renamed = false;
        try
        {
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

    /// <summary>Creates a folder and those above it that are missing.</summary>
    public static void CreateFolder(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            // The framework gives the mode to the last folder only, and the default one to those that it creates above it.
            if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent)) CreateFolder(parent);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    private static void WriteTemporary(string temporary, byte[] bytes, bool flush)
    {
        bool written = false;
        using FileStream stream = Create(temporary);
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

    private static FileStream Create(string path)
    {
#if NET
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
#endif
    }
}
