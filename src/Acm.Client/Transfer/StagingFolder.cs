using System.Globalization;
using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>
/// A hidden folder inside the target, where files are collected before the target changes. It is on the same file system, so that files
/// can be moved atomically. Its lock file distinguishes a running export from a killed one.
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

    /// <summary>Creates a staging folder and removes those of killed exports.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.StorageFailed"/>: another export into the target is in progress.</exception>
    /// <exception cref="IOException">The target cannot be written to.</exception>
    public static StagingFolder Open(string target)
    {
        // Each export creates its own folder before it looks for others, so at least one of two concurrent ones notices the other.
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

    /// <summary>Writes a file with a new name.</summary>
    /// <returns>Its path.</returns>
    public string Write(byte[] bytes, bool isSecret)
    {
        string file = Path.Combine(_path, (_files++).ToString(CultureInfo.InvariantCulture));
        using FileStream stream = FileRights.Create(file, isSecret);
        stream.Write(bytes, 0, bytes.Length);
        return file;
    }

    /// <summary>Removes the folder and its files.</summary>
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

                // Another export may have removed the folder before it was locked.
                if (File.Exists(Path.Combine(path, LockName))) return new StagingFolder(path, held);

                held.Dispose();
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                // As above, while the other export is still removing it.
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

    /// <summary>Removes a link in place of a lock file, which would open or create another file.</summary>
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

        // The lock file is deleted last and after closing it, because Windows does not delete open files.
        try
        {
            File.Delete(lockPath);
            Directory.Delete(path);
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // Another export is removing the folder. Otherwise it is empty, and the next export removes it.
        }
    }
}
