namespace Acm.Client.Encryption;

/// <summary>What text can be cipher text at all: enough to tell it from a configuration that somebody wrote, before anybody is asked to decrypt it.</summary>
internal static class CipherText
{
    /// <summary>What KMS makes holds at least the key's id, a nonce and a tag; this is well below.</summary>
    private const int ShortestDirect = 40;

    private const int BlockSize = 16;

    /// <summary>Whether KMS may have made this: Base64, as far as its alphabet goes, and long enough.</summary>
    public static bool CanBeDirect(string text) => text.Length >= ShortestDirect && text.All(IsBase64);

    /// <summary>Whether it is whole blocks in Base64.</summary>
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
