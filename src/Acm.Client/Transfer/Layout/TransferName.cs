using System.Text;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>
/// A name in an exported path. A valid file name is used unchanged, as in the Python CLI; in others, some
/// characters are replaced with <c>%XX</c> (UTF-8 bytes). Servers do not allow <c>%</c> in names, so both forms are unambiguous, and
/// an escaped name can be read without the record, unless it was shortened.
/// </summary>
internal static class TransferName
{
    /// <summary>Maximum length of a file name: bytes on Linux, characters on Windows and macOS.</summary>
    private const int LongestName = 255;

    private const int PrefixOfLongName = 100;

    // Escaping never produces a % without two hexadecimal digits.
    private const string HashMark = "%~";

    /// <summary>Escapes a name only as far as it is not a valid file name on all platforms.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the name is empty or contains half of a surrogate pair.</exception>
    public static string Write(string name) => Shorten(name, Escape(name, (text, index) => char.IsLetterOrDigit(text, index)));

    /// <summary>
    /// Escapes everything but lower-case ASCII letters, digits and <c>_ - .</c>, so that the result is unique even if
    /// case is ignored or characters are normalized.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the name is empty or contains half of a surrogate pair.</exception>
    public static string WriteDistinct(string name) =>
        Shorten(name, Escape(name, (text, index) => text[index] is (>= 'a' and <= 'z') or (>= '0' and <= '9')));

    /// <summary>Unescapes a file name; returns null if it is not valid or shortened.</summary>
    public static string? Read(string fileName)
    {
        if (fileName.IndexOf('%') < 0) return fileName;

        var name = new List<byte>(fileName.Length);
        for (int i = 0; i < fileName.Length; i++)
        {
            if (fileName[i] != '%')
            {
                int length = char.IsHighSurrogate(fileName[i]) && i + 1 < fileName.Length ? 2 : 1;
                name.AddRange(Encoding.UTF8.GetBytes(fileName.Substring(i, length)));
                i += length - 1;
                continue;
            }

            if (!Hex.TryReadPercent(fileName, i, out byte value)) return null;

            name.Add(value);
            i += 2;
        }

        return StrictUtf8.TryGetString([.. name]);
    }

    /// <summary>Returns whether a file name is shortened; the record contains the full name.</summary>
    public static bool IsShortened(string fileName) => fileName.Contains(HashMark);

    /// <summary>Returns whether a file or folder is hidden.</summary>
    public static bool IsHidden(string fileName) => fileName.Length > 0 && fileName[0] == '.';

    /// <summary>Returns the form that a case-insensitive file system compares.</summary>
    public static string Fold(string fileName) =>
        (fileName.All(c => c < 128) ? fileName : fileName.Normalize(NormalizationForm.FormC)).ToUpperInvariant();

    private static string Escape(string name, Func<string, int, bool> isPlainLetter)
    {
        if (LocalPath.BytesOf(name).Length == 0) throw new AcmException(AcmErrorKind.InvalidKey, "An empty name cannot be stored as a file.");

        bool isDevice = LocalPath.IsDeviceName(name);
        var escaped = new StringBuilder(name.Length + 16);
        for (int i = 0; i < name.Length; i++)
        {
            int length = char.IsHighSurrogate(name[i]) ? 2 : 1;
            bool isDot = name[i] == '.';
            bool isFirst = i == 0;
            bool isLast = i == name.Length - 1;

            // A leading dot hides a file; Windows drops a trailing dot, and reserves device names.
            bool isSpecial = (isFirst && (isDot || isDevice)) || (isLast && isDot);
            if (!isSpecial && (isDot || name[i] is '_' or '-' || isPlainLetter(name, i)))
            {
                escaped.Append(name, i, length);
            }
            else
            {
                foreach (byte b in Encoding.UTF8.GetBytes(name.Substring(i, length))) Hex.AppendPercent(escaped, b);
            }

            i += length - 1;
        }

        return escaped.ToString();
    }

    private static string Shorten(string name, string escaped)
    {
        if (Encoding.UTF8.GetByteCount(escaped) <= LongestName) return escaped;

        string start = WriteStart(name);
        return start + HashMark + Sha256Hex.Of(LocalPath.BytesOf(name));
    }

    // ASCII only, so that it can be cut at any position.
    private static string WriteStart(string name)
    {
        string escaped = Escape(name, (text, index) => text[index] < 128 && char.IsLetterOrDigit(text, index));
        return escaped.Substring(0, Math.Min(escaped.Length, PrefixOfLongName));
    }
}
