using System.Diagnostics;

namespace Acm.Client.Local;

/// <summary>
/// Lets one writer at a time below a folder, among the threads of this process and among processes: content and side file are two
/// files, and of two writers at once each could win one. The system frees the lock of a process that ends.
/// </summary>
internal sealed class FolderLock
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>What the systems say of a file that another holds: EWOULDBLOCK on Linux and macOS, sharing and lock violation on Windows.</summary>
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly object _gate = new();
    private readonly string _path;
    private readonly TimeSpan _longestWait;

    public FolderLock(string basePath)
        : this(LocalPath.LockOf(basePath), LongestWait)
    {
    }

    private FolderLock(string path, TimeSpan longestWait)
    {
        _path = path;
        _longestWait = longestWait;
    }

    /// <summary>A lock with a file of its own name.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="longestWait">How long another holder is waited for.</param>
    public static FolderLock At(string path, TimeSpan longestWait) => new(path, longestWait);

    /// <summary>Does something while nobody else writes. Waits for that a second or two, or as long as was said.</summary>
    /// <exception cref="IOException">Somebody else holds the lock all the time, or the folder can't be written to.</exception>
    public void Hold(Action action)
    {
        if (!Monitor.TryEnter(_gate, _longestWait)) throw new IOException($"The lock file '{_path}' stayed in use.");

        try
        {
            using FileStream held = Take();
            action();
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private FileStream Take()
    {
        var spin = default(SpinWait);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (DirectoryNotFoundException) when (waited.Elapsed < _longestWait)
            {
                AtomicFile.CreateFolder(Path.GetDirectoryName(_path)!);
            }
            catch (IOException e) when (waited.Elapsed < _longestWait && HeldByAnother.Contains(e.HResult))
            {
                spin.SpinOnce();
            }
        }
    }
}
