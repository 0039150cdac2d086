using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Transfer.Sources;

/// <summary>
/// Decodes entry names without a declared charset: as UTF-8 if valid, which most programs write, otherwise as GBK, as on Chinese Windows. For reading only.
/// </summary>
internal sealed class ZipNames : Encoding
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gets the stateless instance.</summary>
    public static ZipNames Instance { get; } = new();

    /// <inheritdoc/>
    public override string GetString(byte[] bytes, int index, int count)
    {
        try
        {
            return StrictUtf8.GetString(bytes, index, count);
        }
        catch (DecoderFallbackException)
        {
            // Other names get U+FFFD, which is not valid in a name.
            return GbkText.TryDecode(bytes.AsSpan(index, count).ToArray(), out string text, out _) ? text : UTF8.GetString(bytes, index, count);
        }
    }

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => GetString(bytes, index, count).Length;

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        string text = GetString(bytes, byteIndex, byteCount);
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(chars, index, count);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => UTF8.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount);
}
