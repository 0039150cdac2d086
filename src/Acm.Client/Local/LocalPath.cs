using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Local;

/// <summary>
/// Where a configuration lies below a base folder: the one layout that failover and snapshot stores share,
/// <c>{namespace}/{group}/{dataId}</c> with each name escaped so that it is one file name everywhere, told apart from every
/// other name also where the file system ignores case, and never anything but a name.
/// </summary>
internal static class LocalPath
{
    private const string BlankNamespace = "_blank";
    private const string DefaultGroup = "_default";
    private const int LongestName = 200;
    private const int PrefixOfLongName = 100;

    // A % that no two hex digits follow can't come from escaping, so that no name collides with these.
    private const string SideFileMark = "%meta";
    private const string AsideMark = "%absent";
    private const string HashMark = "%~";
    private const string TemporaryMark = "%tmp-";
    private const string SecretEnd = ".tmp";

    // In bytes, with what follows, it is well below the 255 that file systems take.
    private const int LongestSecretStem = 64;

    /// <summary>The file with the content of a configuration.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> if a name can't be a file name even when escaped.</exception>
    public static string Of(string basePath, string @namespace, ConfigKey key) =>
        Path.Combine(basePath, NamespaceFolder(@namespace), GroupFolder(key.Group), Escape(key.DataId));

    /// <summary>The file beside the content that tells its names, MD5 and charset.</summary>
    public static string SideFileOf(string contentPath) => contentPath + SideFileMark;

    /// <summary>The file with the content, given that or the one beside it.</summary>
    public static string ContentNameOf(string fileName) =>
        fileName.EndsWith(SideFileMark, StringComparison.Ordinal) ? fileName.Substring(0, fileName.Length - SideFileMark.Length) : fileName;

    /// <summary>Whether part of a path stands for a name too long to be told from it.</summary>
    public static bool HasHashedPart(string path) => path.IndexOf(HashMark, StringComparison.Ordinal) >= 0;

    /// <summary>Whether a name may be so long that its file is named by its hash.</summary>
    public static bool MayBeHashed(string name) => 3 * name.Length > LongestName;

    /// <summary>The names of groups that a folder may be for.</summary>
    public static IEnumerable<string> GroupsOf(string folder) => folder == DefaultGroup ? [ConfigKey.DefaultGroup] : NamesOf(folder);

    /// <summary>The names that a file or folder may be for: what was escaped, and what a person may have written plainly.</summary>
    public static IEnumerable<string> NamesOf(string fileName)
    {
        string? name = Unescape(fileName);
        if (name is not null) yield return name;
        if (name != fileName) yield return fileName;
    }

    /// <summary>Where the content of a configuration is kept after the server said that it is gone.</summary>
    public static string AsideOf(string contentPath) => contentPath + AsideMark;

    /// <summary>The content that a file of a group's folder belongs to: itself, or what it lies beside; null for one that is being written.</summary>
    public static string? ContentOf(string path)
    {
        foreach (string mark in new[] { SideFileMark, AsideMark })
            if (path.EndsWith(mark, StringComparison.Ordinal)) return path.Substring(0, path.Length - mark.Length);
        return Path.GetFileName(path).StartsWith(TemporaryMark, StringComparison.Ordinal) ? null : path;
    }

    /// <summary>A base folder as an absolute path that ends with no separator, so that what is below it is told by its beginning.</summary>
    public static string Root(string path)
    {
        string full = Path.GetFullPath(path);
        string trimmed = full.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return trimmed.Length < Path.GetPathRoot(full)!.Length ? full : trimmed;
    }

    /// <summary>Removes files that a process which was killed has left half written in a folder.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    public static void RemoveAbandoned(string folder, DateTime writtenBefore)
    {
        foreach (string file in Directory.EnumerateFiles(folder, TemporaryMark + "*"))
        {
            // A live process renames its file within moments.
            if (File.GetLastWriteTimeUtc(file) < writtenBefore) File.Delete(file);
        }
    }

    /// <summary>The file whose holder alone writes below a base folder.</summary>
    public static string LockOf(string basePath) => Path.Combine(basePath, "%lock");

    /// <summary>A name that is not in use yet, in the folder of the file that it is to become.</summary>
    public static string TemporaryFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, TemporaryMark + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    /// <summary>
    /// A name that is not in use yet for a file of secrets in a folder of the user's. It begins as the file's own does, so that what keeps that file out of repositories and images keeps this one out, too.
    /// </summary>
    public static string SecretTemporaryFor(string path) => SecretStem(path) + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) + SecretEnd;

    /// <summary>Removes what processes which were killed have left of a file of secrets.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    public static void RemoveAbandonedSecrets(string path, DateTime writtenBefore)
    {
        // No pattern of the file's name: it may have wildcards in it.
        string stem = SecretStem(path);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*" + SecretEnd))
        {
            bool isOurs = file.StartsWith(stem, StringComparison.Ordinal)
                && file.EndsWith(SecretEnd, StringComparison.Ordinal)
                && Guid.TryParseExact(file.Substring(stem.Length, Math.Max(0, file.Length - stem.Length - SecretEnd.Length)), "N", out _);
            if (isOurs && File.GetLastWriteTimeUtc(file) < writtenBefore) File.Delete(file);
        }
    }

    /// <summary>The folder of a namespace.</summary>
    public static string NamespaceFolder(string @namespace) => @namespace.Length == 0 ? BlankNamespace : Escape(@namespace);

    /// <summary>The folder of a group.</summary>
    public static string GroupFolder(string group) => group == ConfigKey.DefaultGroup ? DefaultGroup : Escape(group);

    /// <summary>The namespace of a folder; null where the folder's name tells none.</summary>
    public static string? NamespaceOf(string folder) => folder == BlankNamespace ? "" : Unescape(folder);

    /// <summary>The group of a folder; null where the folder's name tells none.</summary>
    public static string? GroupOf(string folder) => folder == DefaultGroup ? ConfigKey.DefaultGroup : Unescape(folder);

    /// <summary>The folder that a person may have made for a namespace; null if its plain name is no safe file name.</summary>
    public static string? PlainNamespaceFolder(string @namespace) =>
        @namespace.Length == 0 ? BlankNamespace : @namespace != BlankNamespace ? PlainName(@namespace) : null;

    /// <summary>The folder that a person may have made for a group; null if its plain name is no safe file name.</summary>
    public static string? PlainGroupFolder(string group) => group != DefaultGroup ? PlainName(group) : null;

    /// <summary>A name as a file name without escaping; null where that is not safe.</summary>
    public static string? PlainName(string name) => IsSafeFileName(name) ? name : null;

    /// <summary>The name that the Python SDK gives the file in its one flat folder; null where that is ambiguous or not safe.</summary>
    public static string? PythonName(string @namespace, ConfigKey key)
    {
        if (key.DataId.Contains('+') || key.Group.Contains('+') || @namespace.Contains('+')) return null;

        return PlainName(key.DataId + "+" + key.Group + "+" + @namespace);
    }

    /// <summary>
    /// Turns a name into a file name of <c>a-z 0-9 _ . -</c> and <c>%XX</c> (bytes of its UTF-8). A name whose escaped form is
    /// too long for file systems becomes its start and its hash; what it was tells the side file.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>, if the name is empty or holds half of a surrogate pair.</exception>
    public static string Escape(string name)
    {
        byte[] bytes = BytesOf(name);
        if (bytes.Length == 0) throw new AcmException(AcmErrorKind.InvalidKey, "An empty name cannot be stored as a file.");

        bool isDevice = IsDeviceName(name);
        var escaped = new StringBuilder(bytes.Length + 16);
        for (int i = 0; i < bytes.Length; i++)
        {
            char c = (char)bytes[i];
            bool isFirst = i == 0;
            bool isLast = i == bytes.Length - 1;
            bool isPlain = c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '.' or '-';
            bool isSpecial = (isFirst && (isDevice || c is '_' or '.')) || (isLast && c == '.');
            if (isPlain && !isSpecial)
            {
                escaped.Append(c);
            }
            else
            {
                Hex.AppendPercent(escaped, bytes[i]);
            }
        }

        if (escaped.Length <= LongestName) return escaped.ToString();

        return escaped.ToString(0, PrefixOfLongName) + HashMark + Sha256(bytes);
    }

    /// <summary>The name that <see cref="Escape"/> made a file name of; null if it made none, or one of a hash.</summary>
    public static string? Unescape(string fileName)
    {
        var bytes = new byte[fileName.Length];
        int length = 0;
        for (int i = 0; i < fileName.Length; i++)
        {
            if (fileName[i] != '%')
            {
                bytes[length++] = (byte)fileName[i];
                continue;
            }

            if (!Hex.TryReadPercent(fileName, i, out bytes[length++])) return null;

            i += 2;
        }

        // Only what escaping writes is read back: %61 for a plain a would give two files to one name.
        return StrictUtf8.TryGetString(bytes.AsSpan(0, length).ToArray()) is { Length: > 0 } name && Escape(name) == fileName ? name : null;
    }

    /// <summary>
    /// Whether the last part of a path that exists is spelled so on the disk, too. A file system that ignores case
    /// opens <c>App.yaml</c> for <c>app.yaml</c>, which is another configuration.
    /// </summary>
    public static bool IsSpelledSo(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string name = Path.GetFileName(path);

        // Reading a large folder for each get would be slow, and only a file system that ignores case knows the other spelling.
        string otherCase = string.Concat(name.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
        if (otherCase == name || !LocalFile.Exists(Path.Combine(folder, otherCase))) return true;

        return Directory.EnumerateFileSystemEntries(folder, name).Any(entry => string.Equals(Path.GetFileName(entry), name, StringComparison.Ordinal));
    }

    /// <summary>Windows opens a device for these names, whatever extension follows.</summary>
    public static bool IsDeviceName(string name)
    {
        int dot = name.IndexOf('.');
        string stem = (dot < 0 ? name : name.Substring(0, dot)).ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && stem[3] is >= '0' and <= '9'
                && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)));
    }

    /// <summary>The UTF-8 of a name.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>, if it holds half of a surrogate pair.</exception>
    public static byte[] BytesOf(string name)
    {
        try
        {
            return StrictUtf8.GetBytes(name);
        }
        catch (EncoderFallbackException e)
        {
            throw new AcmException(AcmErrorKind.InvalidKey, "A name with half of a surrogate pair cannot be stored as a file.", e);
        }
    }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Sha256(byte[] bytes)
    {
#if NET
        byte[] hash = SHA256.HashData(bytes);
#else
        using SHA256 algorithm = SHA256.Create();
        byte[] hash = algorithm.ComputeHash(bytes);
#endif
        return Hex.Lower(hash);
    }

    private static string SecretStem(string path)
    {
        string name = Path.GetFileName(path);
        return Path.Combine(Path.GetDirectoryName(path)!, name.Length <= LongestSecretStem ? name : name.Substring(0, LongestSecretStem)) + ".";
    }

    private static bool IsSafeFileName(string name)
    {
        if (name.Length == 0 || name is "." or ".." || Encoding.UTF8.GetByteCount(name) > 255) return false;

        // The first three are not allowed in some file system; ? and * would be patterns to IsSpelledSo, % is ours.
        if (name.IndexOfAny(['/', '\\', '\0', '?', '*', '%']) >= 0 || name.Any(char.IsControl)) return false;

        // A colon names a stream of another file there, a device opens for any name that begins so.
        return Path.DirectorySeparatorChar == '/'
            || (name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && !IsDeviceName(name) && name[name.Length - 1] is not ('.' or ' '));
    }
}
