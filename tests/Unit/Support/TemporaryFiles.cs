namespace Acm.Tests.Support;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("acm-tests-").FullName;

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, params byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a text in UTF-8 without a byte order mark and gives the file's path.</summary>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
