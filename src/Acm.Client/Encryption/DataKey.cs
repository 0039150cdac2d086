using System.Buffers;
using System.Buffers.Text;

namespace Acm.Client.Encryption;

/// <summary>A plain-text data key. Its bytes are cleared on disposal.</summary>
internal sealed class DataKey : IDisposable
{
    private DataKey(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <summary>Decodes the key that KMS returns in Base64; null if it is not an AES key.</summary>
    public static DataKey? FromBase64(ReadOnlySpan<byte> text)
    {
        Span<byte> buffer = stackalloc byte[48];
        try
        {
            if (Base64.DecodeFromUtf8(text, buffer, out _, out int length) != OperationStatus.Done || length is not (16 or 32)) return null;

            return new DataKey(buffer.Slice(0, length).ToArray());
        }
        finally
        {
            buffer.Clear();
        }
    }

    public void Dispose() => Array.Clear(Bytes, 0, Bytes.Length);
}
