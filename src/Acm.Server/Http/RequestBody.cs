using System.Buffers;

namespace Acm.Server.Http;

/// <summary>A request's body in a pooled buffer.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 4096;
    private byte[] _buffer = [];

    public Memory<byte> Bytes { get; private set; }

    /// <summary>False where there is more than <paramref name="limit"/>; the rest is left unread.</summary>
    public async ValueTask<bool> TryReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0) return true;
        if (request.ContentLength > limit) return false;

        _buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstBytes));
        int length = 0;
        while (true)
        {
            int read = await request.Body.ReadAsync(_buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += read;
            if (length > limit) return false;

            if (read == 0 || length == request.ContentLength)
            {
                Bytes = _buffer.AsMemory(0, length);
                return true;
            }

            if (length == _buffer.Length) Grow(length);
        }
    }

    public void Dispose()
    {
        Bytes = default;
        Return(Interlocked.Exchange(ref _buffer, []));
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length * 2);
        _buffer.AsSpan(0, length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }
}
