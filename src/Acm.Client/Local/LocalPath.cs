using System.Globalization;
using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Local;

/// <summary>
/// The file layout of failover files and snapshots:
/// <c>{namespace}/{group}/{dataId}</c>, with each name escaped to a valid file name on all platforms, unique even on case-insensitive file
/// systems, and without special meaning such as <c>..</c>.
/// </summary>
internal static class LocalPath
{
    private const string BlankNamespace = "_blank";
    private const string DefaultGroup = "_default";
    private const int LongestName = 200;
    private const int PrefixOfLongName = 100;

    // Escaping never produces a % without two hexadecimal digits, so no name collides with these.
    private const string SideFileMark = "%meta";
    private const string AsideMark = "%absent";
    private const string HashMark = "%~";
    private const string TemporaryMark = "%tmp-";
    private const string SecretEnd = ".tmp";

    // Short enough that the complete name stays below the 255 bytes of file systems.
    private const int LongestSecretStem = 64;

    /// <summary>Returns the content file of a configuration.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: a name cannot be a file name even when escaped.</exception>
    public static string Of(string basePath, string @namespace, ConfigKey key) =>
        Path.Combine(basePath, NamespaceFolder(@namespace), GroupFolder(key.Group), Escape(key.DataId));

    /// <summary>Returns the side file of a content file, with names, MD5 and charset.</summary>
    public static string SideFileOf(string contentPath) => contentPath + SideFileMark;

    /// <summary>Returns the content file of a content or side file.</summary>
    public static string ContentNameOf(string fileName) =>
        fileName.EndsWith(SideFileMark, StringComparison.Ordinal) ? fileName.Substring(0, fileName.Length - SideFileMark.Length) : fileName;

    /// <summary>Returns whether a path contains a hashed name.</summary>
    public static bool HasHashedPart(string path) => path.IndexOf(HashMark, StringComparison.Ordinal) >= 0;

    /// <summary>Returns whether a name may be too long for a file name and therefore hashed.</summary>
    public static bool MayBeHashed(string name) => 3 * name.Length > LongestName;

    /// <summary>Returns the groups that a folder may belong to.</summary>
    public static IEnumerable<string> GroupsOf(string folder) => folder == DefaultGroup ? [ConfigKey.DefaultGroup] : NamesOf(folder);

    /// <summary>Returns the names that a file or folder may stand for: the unescaped one, and the plain one that a person may have used.</summary>
    public static IEnumerable<string> NamesOf(string fileName)
    {
        string? name = Unescape(fileName);
        if (name is not null) yield return name;
        if (name != fileName) yield return fileName;
    }

    /// <summary>Returns where the content of a removed configuration is kept.</summary>
    public static string AsideOf(string contentPath) => contentPath + AsideMark;

    /// <summary>Returns the content file that a file belongs to; null for a temporary file.</summary>
    public static string? ContentOf(string path)
    {
        foreach (string mark in new[] { SideFileMark, AsideMark })
            if (path.EndsWith(mark, StringComparison.Ordinal)) return path.Substring(0, path.Length - mark.Length);
        return Path.GetFileName(path).StartsWith(TemporaryMark, StringComparison.Ordinal) ? null : path;
    }

    /// <summary>Returns the absolute path of a base folder without a trailing separator, so that paths below it begin with it.</summary>
    public static string Root(string path)
    {
        string full = Path.GetFullPath(path);
        string trimmed = full.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return trimmed.Length < Path.GetPathRoot(full)!.Length ? full : trimmed;
    }

    /// <summary>Removes temporary files that killed processes left behind.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static void RemoveAbandoned(string folder, DateTime writtenBefore)
    {
        foreach (string file in Directory.EnumerateFiles(folder, TemporaryMark + "*"))
        {
            // A running process renames its file within moments.
            if (File.GetLastWriteTimeUtc(file) < writtenBefore) File.Delete(file);
        }
    }

    /// <summary>Returns the lock file of a base folder.</summary>
    public static string LockOf(string basePath) => Path.Combine(basePath, "%lock");

    /// <summary>Returns an unused temporary name in the folder of a file.</summary>
    public static string TemporaryFor(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, TemporaryMark + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    /// <summary>
    /// Returns an unused temporary name for a file of secrets. It begins like the file's own name, so that ignore rules for repositories and images apply to it too.
    /// </summary>
    public static string SecretTemporaryFor(string path) => SecretStem(path) + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) + SecretEnd;

    /// <summary>Removes temporary files of secrets that killed processes left behind.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static void RemoveAbandonedSecrets(string path, DateTime writtenBefore)
    {
        // The name is not used as a search pattern, because it may contain wildcards.
        string stem = SecretStem(path);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*" + SecretEnd))
        {
            bool isOurs = file.StartsWith(stem, StringComparison.Ordinal)
                && file.EndsWith(SecretEnd, StringComparison.Ordinal)
                && Guid.TryParseExact(file.Substring(stem.Length, Math.Max(0, file.Length - stem.Length - SecretEnd.Length)), "N", out _);
            if (isOurs && File.GetLastWriteTimeUtc(file) < writtenBefore) File.Delete(file);
        }
    }

    /// <summary>Returns the folder of a namespace.</summary>
    public static string NamespaceFolder(string @namespace) => @namespace.Length == 0 ? BlankNamespace : Escape(@namespace);

    /// <summary>Returns the folder of a group.</summary>
    public static string GroupFolder(string group) => group == ConfigKey.DefaultGroup ? DefaultGroup : Escape(group);

    /// <summary>Returns the namespace of a folder; null if the name is not an escaped one.</summary>
    public static string? NamespaceOf(string folder) => folder == BlankNamespace ? "" : Unescape(folder);

    /// <summary>Returns the group of a folder; null if the name is not an escaped one.</summary>
    public static string? GroupOf(string folder) => folder == DefaultGroup ? ConfigKey.DefaultGroup : Unescape(folder);

    /// <summary>Returns the folder that a person may have created for a namespace; null if its plain name is not a safe file name.</summary>
    public static string? PlainNamespaceFolder(string @namespace) =>
        @namespace.Length == 0 ? BlankNamespace : @namespace != BlankNamespace ? PlainName(@namespace) : null;

    /// <summary>Returns the folder that a person may have created for a group; null if its plain name is not a safe file name.</summary>
    public static string? PlainGroupFolder(string group) => group != DefaultGroup ? PlainName(group) : null;

    /// <summary>Returns a name as a file name without escaping; null if that is not safe.</summary>
    public static string? PlainName(string name) => IsSafeFileName(name) ? name : null;

    /// <summary>Returns the file name that the Python SDK uses; null if it is ambiguous or not safe.</summary>
    public static string? PythonName(string @namespace, ConfigKey key)
    {
        if (key.DataId.Contains('+') || key.Group.Contains('+') || @namespace.Contains('+')) return null;

        return PlainName(key.DataId + "+" + key.Group + "+" + @namespace);
    }

    /// <summary>
    /// Converts a name to a file name of <c>a-z 0-9 _ . -</c> and <c>%XX</c> (UTF-8 bytes). A result that is
    /// too long for file systems becomes a prefix and a hash; the side file contains the name.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the name is empty or contains half of a surrogate pair.</exception>
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

        return escaped.ToString(0, PrefixOfLongName) + HashMark + Sha256Hex.Of(bytes);
    }

    /// <summary>Reverses <see cref="Escape"/>; returns null if the file name is not a result of it, or is hashed.</summary>
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

        // Only the canonical form is accepted: %61 for "a" would map two files to one name.
        return StrictUtf8.TryGetString(bytes.AsSpan(0, length).ToArray()) is { Length: > 0 } name && Escape(name) == fileName ? name : null;
    }

    /// <summary>
    /// Returns whether the last part of an existing path has the same case on disk. A case-insensitive file system
    /// opens <c>App.yaml</c> for <c>app.yaml</c>, which is another configuration.
    /// </summary>
    public static bool IsSpelledSo(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string name = Path.GetFileName(path);

        // Listing a large folder for each read would be slow; the other case exists on case-insensitive file systems only.
        string otherCase = string.Concat(name.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
        if (otherCase == name || !LocalFile.Exists(Path.Combine(folder, otherCase))) return true;

        return Directory.EnumerateFileSystemEntries(folder, name).Any(entry => string.Equals(Path.GetFileName(entry), name, StringComparison.Ordinal));
    }

    /// <summary>Returns whether Windows treats a name as a device, whatever its extension.</summary>
    public static bool IsDeviceName(string name)
    {
        int dot = name.IndexOf('.');
        string stem = (dot < 0 ? name : name.Substring(0, dot)).ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && stem[3] is >= '0' and <= '9'
                && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)));
    }

    /// <summary>Encodes a name as UTF-8.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: it contains half of a surrogate pair.</exception>
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

    private static string SecretStem(string path)
    {
        string name = Path.GetFileName(path);
        return Path.Combine(Path.GetDirectoryName(path)!, name.Length <= LongestSecretStem ? name : name.Substring(0, LongestSecretStem)) + ".";
    }

    private static bool IsSafeFileName(string name)
    {
        if (name.Length == 0 || name is "." or ".." || Encoding.UTF8.GetByteCount(name) > 255) return false;

        // The first three are invalid in some file systems, ? and * would be patterns in IsSpelledSo, and % is used for escaping.
        if (name.IndexOfAny(['/', '\\', '\0', '?', '*', '%']) >= 0 || name.Any(char.IsControl)) return false;

        // On Windows, a colon addresses a stream, and device names are reserved with any extension.
        return Path.DirectorySeparatorChar == '/'
            || (name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && !IsDeviceName(name) && name[name.Length - 1] is not ('.' or ' '));
    }
}
