namespace Acm.Client.Local;

/// <summary>
/// Lets one writer at a time below a folder, among the threads of this process and among processes: content and side file are two
/// files, and of two writers at once each could win one. The system frees the lock of a process that ends.
/// </summary>
internal sealed class FolderLock
{
    // Each try after the first twenty gives the processor away for a millisecond.
    private const int Tries = 1000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly string _path;

    public FolderLock(string basePath)
    {
        _path = LocalPath.LockOf(basePath);
    }

    /// <summary>Does something while nobody else writes. Waits a second or two for that, no longer.</summary>
    /// <exception cref="IOException">Somebody else holds the lock all the time, or the folder can't be written to.</exception>
    public void Hold(Action action)
    {
        if (!Monitor.TryEnter(_gate, LongestWait)) throw new IOException($"The lock file '{_path}' stayed in use.");

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
        for (int tried = 1; ; tried++)
        {
            try
            {
                return new FileStream(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (DirectoryNotFoundException) when (tried < Tries)
            {
                AtomicFile.CreateFolder(Path.GetDirectoryName(_path)!);
            }
            catch (IOException) when (tried < Tries && IsHeld())
            {
                spin.SpinOnce();
            }
        }
    }

    /// <summary>Tells a lock that is held from a folder that can't hold one: the file is there in the one case only.</summary>
    private bool IsHeld() => File.Exists(_path);
}
