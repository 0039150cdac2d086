using Acm.Client.Local;

namespace Acm.Client.Profiles;

/// <summary>
/// The store of a user's profiles. Reads take no lock, because the file is always replaced as a whole. Updates hold a lock across processes,
/// so concurrent changes are not lost. A corrupted file is never overwritten. Thread-safe.
/// </summary>
public sealed class ProfileStore
{
    /// <summary>The environment variable with the path of the profile file.</summary>
    public const string PathVariable = "ACM_PROFILE_PATH";

    /// <summary>Time-out of the lock, which only an unresponsive process can hold for so long.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _clock;
    private readonly ISecretProtection? _protection;

    /// <summary>Creates a store for a file, which need not exist.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="clock">Source of time; null for the system clock.</param>
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

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// Gets the profile file of this user: that of the variable <see cref="PathVariable"/>, otherwise <c>Acm/profiles.json</c> in the platform's settings folder
    /// (<c>$XDG_CONFIG_HOME</c> or <c>~/.config</c>, on Windows <c>%APPDATA%</c>, on macOS <c>~/Library/Application Support</c>).
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidProfile"/>: the user has no settings folder.</exception>
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

    /// <summary>Reads the profiles; returns an empty file if none exists.</summary>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.InvalidProfile"/>: the file is corrupted, has a later version, or contains secrets that other users can read.
    /// <see cref="AcmErrorKind.StorageFailed"/>: it cannot be read.
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

    /// <summary>Updates the profiles. Nothing is written if the callback throws or changes nothing.</summary>
    /// <exception cref="AcmException">
    /// <see cref="AcmErrorKind.InvalidProfile"/>: the file is corrupted, has a later version, or contains secrets that other users can read.
    /// <see cref="AcmErrorKind.StorageFailed"/>: it cannot be read or written.
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

    // The netstandard2.0 build is for Windows, where secrets are encrypted and only the user can access files in the user folder.
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
            $"The profile file '{path}' contains secrets, and its mode 0{Convert.ToString((int)mode, 8)} lets other users read it. Run chmod 600 '{path}'.")
        {
            Advice = "Others may have read its secrets: rotate them.",
        };
#endif
    }

    /// <summary>Resolves a symbolic link, so that the file is replaced and not the link.</summary>
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
            // Reading fails as well and reports the cause.
            return path;
        }
#else
        return path;
#endif
    }
}
