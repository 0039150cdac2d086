using System.IO.Compression;
using System.Text;

namespace Acm.Tests.Transfer.Sources;

/// <summary>Creates valid and invalid zips.</summary>
internal static class Archive
{
    public static string Of(string path, params (string Name, string Text)[] entries) => Of(path, [.. entries.Select(entry => (entry.Name, Encoding.UTF8.GetBytes(entry.Text)))]);

    public static string Of(string path, params (string Name, byte[] Bytes)[] entries) => Of(path, (_, _) => { }, entries);

    public static string Of(string path, Action<string, ZipArchiveEntry> change, params (string Name, byte[] Bytes)[] entries)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in entries)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name);
            change(name, entry);
            using Stream stream = entry.Open();
            stream.Write(bytes);
        }

        return path;
    }

    /// <summary>Replaces the last occurrence of bytes in a file.</summary>
    public static void Patch(string path, byte[] old, byte[] @new)
    {
        byte[] file = File.ReadAllBytes(path);
        int at = file.AsSpan().LastIndexOf(old);
        Assert.True(at >= 0, "What is to be replaced is not there.");
        @new.CopyTo(file, at);
        File.WriteAllBytes(path, file);
    }
}
