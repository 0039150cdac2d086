using System.Diagnostics;

namespace Acm.Client.Local;

/// <summary>
/// Serializes writers of a folder across threads and processes: content and side file are two
/// files, which concurrent writers could mix. The operating system releases the lock of a process that ends.
/// </summary>
internal sealed class FolderLock
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Error codes of a locked file: EWOULDBLOCK on Linux and macOS, sharing and lock violations on Windows.</summary>
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    /// <summary>How long after a time-out nobody waits again: a suspended process may hold the lock, and a call for a thousand keys must not wait a thousand times.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(30);

    /// <summary>Minimum time to wait for another thread of this process, which cannot be suspended.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly string _path;
    private readonly TimeSpan _longestWait;
    private long _waitedInVainAt;

    public FolderLock(string basePath)
        : this(LocalPath.LockOf(basePath), LongestWait)
    {
    }

    private FolderLock(string path, TimeSpan longestWait)
    {
        _path = path;
        _longestWait = longestWait;
    }

    /// <summary>Creates a lock with a given file.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="longestWait">Time-out.</param>
    public static FolderLock At(string path, TimeSpan longestWait) => new(path, longestWait);

    /// <summary>Runs an action under the lock; waits up to the time-out.</summary>
    /// <exception cref="IOException">The lock is held by another process, or the folder cannot be written to.</exception>
    public void Hold(Action action)
    {
        TimeSpan patience = Patience();
        if (!Monitor.TryEnter(_gate, patience > ShortestWait ? patience : ShortestWait)) throw new IOException($"The lock file '{_path}' is still in use.");

        try
        {
            using FileStream held = Take(Patience());
            action();
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    private TimeSpan Patience()
    {
        long at = Volatile.Read(ref _waitedInVainAt);
        return at != 0 && Stopwatch.GetTimestamp() - at < Impatience.TotalSeconds * Stopwatch.Frequency ? TimeSpan.Zero : _longestWait;
    }

    private FileStream Take(TimeSpan patience)
    {
        var spin = default(SpinWait);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var held = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
                Volatile.Write(ref _waitedInVainAt, 0);
                return held;
            }
            catch (DirectoryNotFoundException) when (waited.Elapsed < _longestWait)
            {
                FileRights.CreateFolder(Path.GetDirectoryName(_path)!);
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                if (waited.Elapsed >= patience)
                {
                    if (patience > TimeSpan.Zero) Volatile.Write(ref _waitedInVainAt, Stopwatch.GetTimestamp());
                    throw;
                }

                spin.SpinOnce();
            }
        }
    }
}
