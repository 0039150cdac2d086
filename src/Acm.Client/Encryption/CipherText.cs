namespace Acm.Client.Encryption;

/// <summary>Recognizes text that may be cipher text, to distinguish it from plain text without calling KMS.</summary>
internal static class CipherText
{
    /// <summary>Minimum length of KMS cipher text, which contains at least a key ID, a nonce and a tag.</summary>
    private const int ShortestDirect = 40;

    private const int BlockSize = 16;

    /// <summary>Returns whether KMS may have produced a text: Base64 characters and long enough.</summary>
    public static bool CanBeDirect(string text) => text.Length >= ShortestDirect && text.All(IsBase64);

    /// <summary>Returns whether a text is a whole number of AES blocks in Base64.</summary>
    public static bool CanBeEnvelope(string text) => TryDecode(text, out byte[] bytes) && bytes.Length > 0 && bytes.Length % BlockSize == 0;

    public static bool TryDecode(string text, out byte[] bytes)
    {
        try
        {
            bytes = Convert.FromBase64String(text);
            return true;
        }
        catch (FormatException)
        {
            bytes = [];
            return false;
        }
    }

    private static bool IsBase64(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '+' or '/' or '=' or '-' or '_';
}
