using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>Encodes exported files: UTF-8 without a byte order mark, with unchanged line breaks.</summary>
internal static class TransferText
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: the text contains half of a surrogate pair.</exception>
    public static byte[] ToBytes(ConfigKey key, string text)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new AcmException(AcmErrorKind.InvalidContent, $"'{key}' contains half of a surrogate pair at position {e.Index + 1}, which UTF-8 cannot encode.", e) { Key = key };
        }
    }
}
