namespace Acm.Client.Text;

/// <summary>Decodes content by its charset.</summary>
internal static class ContentText
{
    /// <summary>The name of UTF-8 in side files.</summary>
    public const string Utf8 = "UTF-8";

    /// <summary>The name of GBK in side files.</summary>
    public const string Gbk = "GBK";

    /// <summary>Decodes bytes by the charset in a side file.</summary>
    public static bool TryDecode(byte[] bytes, string charset, out string text, out string problem)
    {
        switch (charset.ToUpperInvariant())
        {
            // .NET names code page 936 "gb2312".
            case "GBK" or "GB2312" or "CP936":
                return GbkText.TryDecode(bytes, out text, out problem);
            case "UTF-8" or "UTF8":
                string? decoded = StrictUtf8.TryGetString(bytes);
                text = decoded ?? "";
                problem = decoded is null ? "The content is not UTF-8." : "";
                return decoded is not null;
            default:
                text = "";
                problem = $"The charset '{charset}' is not supported.";
                return false;
        }
    }

    /// <summary>Decodes a file without a known charset: as UTF-8 if it is valid, otherwise as GBK.</summary>
    public static bool TryGuess(byte[] bytes, out string text, out string charset, out string problem)
    {
        problem = "";
        charset = Utf8;
        if (StrictUtf8.TryGetString(bytes) is { } decoded)
        {
            text = decoded;
            return true;
        }

        charset = Gbk;
        if (GbkText.TryDecode(bytes, out text, out string gbkProblem)) return true;

        problem = "It is neither UTF-8 nor GBK. " + gbkProblem;
        return false;
    }
}
