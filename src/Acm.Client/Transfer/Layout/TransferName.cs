using System.Text;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>
/// One name of an exported path. A name that every file system holds is written as it is, as the Python CLI writes it; of all others
/// some characters become <c>%XX</c>, the bytes of their UTF-8. No server takes a <c>%</c> in a name, so that the two are told apart, and
/// an escaped name reads back without a record of it, unless it was too long to be a file name.
/// </summary>
internal static class TransferName
{
    /// <summary>What most file systems take: bytes on Linux, characters on Windows and macOS.</summary>
    private const int LongestName = 255;

    private const int PrefixOfLongName = 100;

    // A % that no two hex digits follow can't come from escaping.
    private const string HashMark = "%~";

    /// <summary>The name as it is, where it is a safe file name everywhere: only what is not is escaped.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>, if the name is empty or holds half of a surrogate pair.</exception>
    public static string Write(string name) => Shorten(name, Escape(name, (text, index) => char.IsLetterOrDigit(text, index)));

    /// <summary>
    /// The name with all escaped but small ASCII letters, digits and <c>_ - .</c>, so that it differs from every other name also where
    /// case is ignored or letters are normalised.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>, if the name is empty or holds half of a surrogate pair.</exception>
    public static string WriteDistinct(string name) =>
        Shorten(name, Escape(name, (text, index) => text[index] is (>= 'a' and <= 'z') or (>= '0' and <= '9')));

    /// <summary>What a file name was written for; null if it stands for no name, or is a shortened one.</summary>
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

    /// <summary>Whether a file name stands for a name that is too long to be one: the record tells which.</summary>
    public static bool IsShortened(string fileName) => fileName.Contains(HashMark);

    /// <summary>Whether people, tools and the Python CLI pass over a file or folder of this name.</summary>
    public static bool IsHidden(string fileName) => fileName.Length > 0 && fileName[0] == '.';

    /// <summary>What two file names have in common where a file system can't tell them apart.</summary>
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

            // A leading dot hides a file; Windows drops a dot at the end, and opens a device for some names.
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
        return start + HashMark + LocalPath.Sha256(LocalPath.BytesOf(name));
    }

    // In ASCII, so that it can be cut anywhere.
    private static string WriteStart(string name)
    {
        string escaped = Escape(name, (text, index) => text[index] < 128 && char.IsLetterOrDigit(text, index));
        return escaped.Substring(0, Math.Min(escaped.Length, PrefixOfLongName));
    }
}
