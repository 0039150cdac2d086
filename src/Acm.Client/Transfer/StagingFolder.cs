using System.Globalization;
using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>
/// A hidden folder inside the target of an export, where everything is gathered before anything of the target is changed. It is on the target's file system, so that a
/// file is moved out of it in one step. A lock in it tells a run that goes on from one that died.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private const string Prefix = ".acm-export-";
    private const string LockName = "lock";
    private const int NameLength = 12;
    private const int MostAttempts = 5;

    private readonly string _path;
    private readonly FileStream _lock;
    private int _files;

    private StagingFolder(string path, FileStream held)
    {
        _path = path;
        _lock = held;
    }

    /// <summary>Makes one, and takes away what runs that died have left.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>, if another run goes on in the target.</exception>
    /// <exception cref="IOException">The target can't be written to.</exception>
    public static StagingFolder Open(string target)
    {
        // Each makes its own before it looks for others, so that of two at once one at least sees the other.
        StagingFolder staging = Create(target);
        try
        {
            staging.RemoveDead(target);
            return staging;
        }
        catch
        {
            staging.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file under a name of its own.</summary>
    /// <returns>Its path.</returns>
    public string Write(byte[] bytes, bool isSecret)
    {
        string file = Path.Combine(_path, (_files++).ToString(CultureInfo.InvariantCulture));
        using FileStream stream = FileRights.Create(file, isSecret);
        stream.Write(bytes, 0, bytes.Length);
        return file;
    }

    /// <summary>Removes it with all that is still in it.</summary>
    public void Dispose() => Remove(_path, _lock);

    private static StagingFolder Create(string target)
    {
        for (int attempt = 1; ; attempt++)
        {
            string path = Path.Combine(target, Prefix + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture).Substring(0, NameLength));
            FileRights.CreateFolder(path);
            try
            {
                FileStream held = Lock(path, FileMode.CreateNew);

                // A run that looked just between these two steps took it for a dead one's, and removed it.
                if (File.Exists(Path.Combine(path, LockName))) return new StagingFolder(path, held);

                held.Dispose();
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                // As above, and it is not removed yet.
            }
        }
    }

    private static FileStream Lock(string path, FileMode mode) => new(Path.Combine(path, LockName), mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);

    private void RemoveDead(string target)
    {
        foreach (string other in Directory.GetDirectories(target, Prefix + "*"))
        {
            if (other == _path || (File.GetAttributes(other) & FileAttributes.ReparsePoint) != 0) continue;

            FileStream held;
            try
            {
                RemoveLink(Path.Combine(other, LockName));
                held = Lock(other, FileMode.OpenOrCreate);
            }
            catch (DirectoryNotFoundException)
            {
                continue;
            }
            catch (Exception e) when (LocalFile.IsRefusal(e))
            {
                throw new AcmException(AcmErrorKind.StorageFailed, $"Another export into '{target}' is in progress: '{other}' exists.", e)
                {
                    Advice = "Wait for it to finish. If no export is running, remove that folder.",
                };
            }

            Remove(other, held);
        }
    }

    /// <summary>Our locks are files. Somebody put a link there to have another file opened, or made.</summary>
    private static void RemoveLink(string path)
    {
        var file = new FileInfo(path);
        if ((int)file.Attributes != -1 && (file.Attributes & FileAttributes.ReparsePoint) != 0) file.Delete();
    }

    private static void Remove(string path, FileStream held)
    {
        string lockPath = Path.Combine(path, LockName);
        using (held)
        {
            string[] entries = Directory.Exists(path) ? Directory.GetFileSystemEntries(path) : [];
            foreach (string entry in entries.Where(entry => entry != lockPath))
            {
                if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
                else File.Delete(entry);
            }
        }

        // The lock goes last, and only when it is closed: Windows would not let go of a file that is open.
        try
        {
            File.Delete(lockPath);
            Directory.Delete(path);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // Another run took it for a dead one's just now, and removes it. Left for any other reason it is empty, and the next run removes it.
        }
    }
}
