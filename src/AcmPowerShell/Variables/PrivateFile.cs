namespace AcmPowerShell;

/// <summary>Writes a file whole or not at all, for its owner only where the platform can say so.</summary>
internal static class PrivateFile
{
    private const string TemporaryEnd = ".tmp";

    /// <summary>How old a temporary file is that nobody writes any more.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <exception cref="IOException">It could not be written; what was there is untouched.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there is untouched.</exception>
    internal static void Write(string path, byte[] bytes)
    {
        path = Target(Path.GetFullPath(path));
        string folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'.");

        RemoveAbandoned(folder, Path.GetFileName(path));
        string temporary = $"{path}.{Guid.NewGuid():N}{TemporaryEnd}";
        try
        {
            using (FileStream stream = Create(temporary))
            {
                stream.Write(bytes, 0, bytes.Length);
                stream.Flush(flushToDisk: true);
            }

            Replace(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes what a process that was killed has left of this file: it may hold secrets.</summary>
    private static void RemoveAbandoned(string folder, string name)
    {
        DateTime before = TimeProvider.System.GetUtcNow().UtcDateTime - Abandoned;
        foreach (string file in Directory.EnumerateFiles(folder, "*" + TemporaryEnd))
        {
            string id = Path.GetFileName(file);
            if (!id.StartsWith(name + ".", StringComparison.Ordinal) || !Guid.TryParseExact(id[(name.Length + 1)..^TemporaryEnd.Length], "N", out _)) continue;

            if (File.GetLastWriteTimeUtc(file) < before) File.Delete(file);
        }
    }

#if NET
    /// <summary>The file that a link leads to: it is written through, so that it stays a link.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static void Replace(string source, string target) => File.Move(source, target, overwrite: true);
#else
    /// <summary>A link is refused: this framework can't tell where it leads.</summary>
    private static string Target(string path) => File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0
        ? throw new IOException($"'{path}' is a symbolic link. Name the file that it leads to.")
        : path;

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);

    private static void Replace(string source, string target)
    {
        if (File.Exists(target)) File.Replace(source, target, destinationBackupFileName: null);
        else File.Move(source, target);
    }
#endif
}
