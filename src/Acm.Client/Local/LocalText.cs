using System.Text;
using Acm.Client.Protocol.Diamond;

namespace Acm.Client.Local;

/// <summary>How the bytes of a local file become text.</summary>
internal static class LocalText
{
    /// <summary>Name of the charset UTF-8 in side files.</summary>
    public const string Utf8 = "UTF-8";

    /// <summary>Name of the charset GBK in side files.</summary>
    public const string Gbk = "GBK";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes by the charset that a side file names.</summary>
    public static bool TryDecode(byte[] bytes, string charset, out string text, out string problem)
    {
        switch (charset.ToUpperInvariant())
        {
            // .NET calls its code page 936 gb2312.
            case "GBK" or "GB2312" or "CP936":
                return GbkText.TryDecode(bytes, out text, out problem);
            case "UTF-8" or "UTF8":
                bool decoded = TryDecodeUtf8(bytes, out text);
                problem = decoded ? "" : "The content is not UTF-8.";
                return decoded;
            default:
                text = "";
                problem = $"The charset '{charset}' is not known.";
                return false;
        }
    }

    /// <summary>Decodes a file that says nothing about itself: UTF-8 if it is that without an error, else GBK.</summary>
    public static bool TryGuess(byte[] bytes, out string text, out string charset, out string problem)
    {
        problem = "";
        charset = Utf8;
        if (TryDecodeUtf8(bytes, out text)) return true;

        charset = Gbk;
        if (GbkText.TryDecode(bytes, out text, out string gbkProblem)) return true;

        problem = "It is neither UTF-8 nor GBK. " + gbkProblem;
        return false;
    }

    /// <summary>The bytes behind a leading UTF-8 byte order mark.</summary>
    public static byte[] WithoutByteOrderMark(byte[] bytes) =>
        bytes.Length >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? bytes.AsSpan(3).ToArray() : bytes;

    private static bool TryDecodeUtf8(byte[] bytes, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
