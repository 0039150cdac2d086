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

    /// <summary>How long after a wait in vain nobody waits again: a process that was stopped holds the lock until it goes on, and a call of a thousand keys must not wait for it a thousand times.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(30);

    /// <summary>How long another thread of this process is waited for in any case: it is no process that was stopped, and is done in a moment.</summary>
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

    /// <summary>A lock with a file of its own name.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="longestWait">How long another holder is waited for.</param>
    public static FolderLock At(string path, TimeSpan longestWait) => new(path, longestWait);

    /// <summary>Does something while nobody else writes. Waits for that a second or two, or as long as was said.</summary>
    /// <exception cref="IOException">Somebody else holds the lock all the time, or the folder can't be written to.</exception>
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
