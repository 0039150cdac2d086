using System.Text;
using Acm.Client;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Reads the text of a file. Invalid bytes are an error, and line endings are preserved.</summary>
internal static class ConfigFile
{
    /// <summary>Limit that no server exceeds. It keeps a wrong path from exhausting the memory.</summary>
    private const long MaxFileSize = 64L * 1024 * 1024;

    // Longest first, because the BOM of UTF-32 LE starts with that of UTF-16 LE.
    private static readonly Encoding[] WithBom = [Encoding.UTF32, new UTF32Encoding(true, true), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    /// <summary>Returns the text, and whether a byte order mark was removed.</summary>
    /// <exception cref="AcmException">The bytes are not valid in the encoding (<see cref="AcmErrorKind.InvalidContent"/>).</exception>
    internal static (string Text, bool HadBom) Read(string path, Encoding? encoding)
    {
        var file = new FileInfo(path);
        if (SpecialFile.Is(file))
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{path}' is a pipe, a socket or a device, not a file.") { Advice = "Save the text to a file, or pipe it to the command." };

        if (file.Length > MaxFileSize)
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
