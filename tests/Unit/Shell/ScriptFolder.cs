namespace Acm.Tests.Shell;

/// <summary>A folder for a test's scripts and modules, removed with it.</summary>
public sealed class ScriptFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("acm-shell-").FullName;

    /// <summary>Writes a file, and the folders above it, and returns its full path.</summary>
    public string Write(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
