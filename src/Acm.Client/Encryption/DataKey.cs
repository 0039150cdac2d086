using System.Buffers;
using System.Buffers.Text;

namespace Acm.Client.Encryption;

/// <summary>A key that encrypts one content, in the clear. Its bytes are cleared when it is disposed.</summary>
internal sealed class DataKey : IDisposable
{
    private DataKey(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <summary>Reads what KMS gives: the key in Base64, as ASCII. Null where that is no key of AES.</summary>
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
