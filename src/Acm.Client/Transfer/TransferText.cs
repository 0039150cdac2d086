using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>The bytes of an exported file: UTF-8 without a byte order mark, line ends as they are.</summary>
internal static class TransferText
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>, if the text holds half of a surrogate pair.</exception>
    public static byte[] ToBytes(ConfigKey key, string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{key}' holds half of a surrogate pair at position {e.Index + 1}, which UTF-8 cannot represent.", e) { Key = key };
        }
    }
}
