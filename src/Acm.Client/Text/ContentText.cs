namespace Acm.Client.Text;

/// <summary>Decodes content by the charset that it is stored in.</summary>
internal static class ContentText
{
    /// <summary>Name of the charset UTF-8 in side files.</summary>
    public const string Utf8 = "UTF-8";

    /// <summary>Name of the charset GBK in side files.</summary>
    public const string Gbk = "GBK";

    /// <summary>Decodes by the charset that a side file names.</summary>
    public static bool TryDecode(byte[] bytes, string charset, out string text, out string problem)
    {
        switch (charset.ToUpperInvariant())
        {
            // .NET calls its code page 936 gb2312.
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

    /// <summary>Decodes a file that says nothing about itself: UTF-8 if it is that without an error, else GBK.</summary>
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
