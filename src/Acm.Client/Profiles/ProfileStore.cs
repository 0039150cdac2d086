using Acm.Client.Local;

namespace Acm.Client.Profiles;

/// <summary>
/// The file in which a user's profiles are kept. Reading takes no lock: the file is only ever replaced whole. Changing it is done under a lock that other
/// processes respect, so that two changes at once are both kept. A damaged file is never overwritten. Thread-safe.
/// </summary>
public sealed class ProfileStore
{
    /// <summary>The environment variable that names another file than the user's own.</summary>
    public const string PathVariable = "ACM_PROFILE_PATH";

    /// <summary>Only a process that hangs while it changes the file makes others wait so long.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _clock;
    private readonly ISecretProtection? _protection;

    /// <summary>Creates a store over a file, which need not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="clock">Where the time of a change comes from; null for the system's.</param>
    public ProfileStore(string path, TimeProvider? clock = null)
        : this(path, clock, WindowsProtection.OfPlatform)
    {
    }

    internal ProfileStore(string path, TimeProvider? clock, ISecretProtection? protection)
    {
        Path = Target(System.IO.Path.GetFullPath(path));
        _clock = clock ?? TimeProvider.System;
        _protection = protection;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// The file of this user: what the variable <see cref="PathVariable"/> names, else <c>Acm/profiles.json</c> in the folder for settings of the platform
    /// (<c>$XDG_CONFIG_HOME</c> or <c>~/.config</c>, on Windows <c>%APPDATA%</c>, on macOS <c>~/Library/Application Support</c>).
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: this user has no such folder.</exception>
    public static string DefaultPath
    {
        get
        {
            if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named) return System.IO.Path.GetFullPath(named);

            string settings = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return settings.Length > 0
                ? System.IO.Path.Combine(settings, "Acm", "profiles.json")
                : throw new AcmException(AcmErrorKind.InvalidProfile, $"This user has no folder for settings. Set the environment variable {PathVariable} to the path of a profile file.");
        }
    }

    /// <summary>What the file holds; nothing where there is no file.</summary>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.InvalidProfile"/>: the file is damaged, is of a later version, or holds secrets that others can read.
    /// <see cref="AcmErrorKind.StorageFailed"/>: it can't be read.
    /// </exception>
    public ProfileFile Read()
    {
        try
        {
            return Parse();
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"The profile file '{Path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>Changes what the file holds. Nothing is written where the change throws or changes nothing.</summary>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.InvalidProfile"/>: the file is damaged, is of a later version, or holds secrets that others can read.
    /// <see cref="AcmErrorKind.StorageFailed"/>: it can't be read or written.
    /// </exception>
    public void Update(Action<ProfileFile> change)
    {
        try
        {
            FolderLock.At(LockPath, LongestWait).Hold(() =>
            {
                ProfileFile file = Parse();
                change(file);
                if (file.TakeChanges(_clock.GetUtcNow()) is { } bytes) AtomicFile.Write(Path, bytes, flush: true);
            });
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw new AcmException(AcmErrorKind.StorageFailed, $"The profile file '{Path}' can't be changed: {e.Message}", e);
        }
    }

    private string LockPath => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "." + System.IO.Path.GetFileName(Path) + ".lock");

    private ProfileFile Parse()
    {
        byte[]? bytes = LocalFile.Read(Path);
        ProfileFile file = bytes is null ? ProfileFile.Empty(Path, _protection) : ProfileFile.Parse(Path, bytes, _protection);
        if (bytes is not null && file.HoldsBareSecrets) CheckMode(Path);
        return file;
    }

    // The other flavour is for Windows, where the secrets are protected and files in a user's own folder are that user's.
    private static void CheckMode(string path)
    {
#if NET
        if (OperatingSystem.IsWindows()) return;

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & Others) == 0) return;

        throw new AcmException(
            AcmErrorKind.InvalidProfile,
            $"The profile file '{path}' holds secrets, and its mode 0{Convert.ToString((int)mode, 8)} lets other users read it. Run chmod 600 '{path}'.")
        {
            Advice = "Others may have read its secrets: rotate them.",
        };
#endif
    }

    /// <summary>The file that a link stands for: replacing it must not replace the link.</summary>
    private static string Target(string path)
    {
#if NET
        try
        {
            var file = new FileInfo(path);
            return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // Reading it fails as well, and says why.
            return path;
        }
#else
        return path;
#endif
    }
}
