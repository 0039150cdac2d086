using System.Runtime.CompilerServices;

namespace Acm.Tests.Support;

/// <summary>
/// A separate profile file for this process and the shells that it starts; its tests belong to <see cref="ProfilesCollection"/>, or to <see cref="ProcessWideCollection"/> if they change more.
/// No test can access the user's profile file.
/// </summary>
internal sealed class ModuleProfiles : IDisposable
{
    internal const string Variable = "ACM_PROFILE_PATH";

    private readonly TemporaryFiles _files = new();

    public ModuleProfiles()
    {
        Path = System.IO.Path.Combine(_files.Path, "config", "profiles.json");
        Environment.SetEnvironmentVariable(Variable, Path);
    }

    public string Path { get; }

    /// <summary>What the file holds now.</summary>
    public string Text => File.ReadAllText(Path);

    /// <summary>Writes the file, for its owner only.</summary>
    public void Write(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose()
    {
        KeepAway();
        _files.Dispose();
    }

    // A path below a file, where nothing can exist or be written.
    [ModuleInitializer]
    internal static void KeepAway() => Environment.SetEnvironmentVariable(Variable, System.IO.Path.Combine(typeof(ModuleProfiles).Assembly.Location, "no-profiles.json"));
}
