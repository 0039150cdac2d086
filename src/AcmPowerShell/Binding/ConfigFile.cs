using System.Text;
using Acm.Client;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Reads a file's text exactly: nothing is replaced, and line ends stay as they are.</summary>
internal static class ConfigFile
{
    /// <summary>Far above what any server takes; keeps a wrong path from filling the memory.</summary>
    private const long LargestFile = 64L * 1024 * 1024;

    // Longest first: UTF-32 LE begins like UTF-16 LE.
    private static readonly Encoding[] WithBom = [Encoding.UTF32, new UTF32Encoding(true, true), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    /// <summary>The text, and whether a leading byte order mark was dropped.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/> where the bytes are no text in the encoding.</exception>
    internal static (string Text, bool HadBom) Read(string path, Encoding? encoding)
    {
        var file = new FileInfo(path);
        if (SpecialFile.Is(file))
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{path}' is a pipe, a socket or a device, not a file.") { Advice = "Save the text to a file, or pipe it to the command." };

        if (file.Length > LargestFile)
            throw new AcmException(AcmErrorKind.ContentTooLarge, $"File '{path}' is larger than 64 MB, the limit for a configuration.");

        byte[] bytes = File.ReadAllBytes(path);
        Encoding chosen = encoding ?? Array.Find(WithBom, e => StartsWith(bytes, e.GetPreamble())) ?? Encoding.UTF8;
        string text;
        try
        {
            text = Strict(chosen).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new AcmException(
                AcmErrorKind.InvalidContent,
                Array.IndexOf(bytes, (byte)0) >= 0
                    ? $"File '{path}' is not a text file."
                    : $"File '{path}' is not valid {chosen.WebName}: byte {e.Index} cannot be decoded. Specify the encoding, such as -Encoding gbk.",
                e);
        }

        return text.Length > 0 && text[0] == '\uFEFF' ? (text[1..], true) : (text, false);
    }

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    private static bool StartsWith(byte[] bytes, byte[] start) => bytes.Length >= start.Length && bytes.AsSpan(0, start.Length).SequenceEqual(start);
}
