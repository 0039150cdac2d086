using Acm.Client.Http;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

public sealed class AnswerBodyTests
{
    private static readonly ServerAddress Server = new("kms.example.com", 443, Tls: true);

    [Theory]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public async Task Of_a_body_of_unknown_length_no_copy_is_left_but_the_one_that_is_returned(int length)
    {
        byte[] sent = [.. Enumerable.Repeat((byte)'s', length)];
        using var body = new KeepingStream(sent);
        using var content = new StreamContent(body);
        content.Headers.ContentLength = null;

        byte[] read = await HttpExchange.ReadAsync(content, Server, HttpExchange.MaxAnswer, TestContext.Current.CancellationToken).WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(sent, read);
        Assert.NotEmpty(body.Buffers);
        Assert.All(body.Buffers.Where(buffer => buffer != read), buffer => Assert.DoesNotContain((byte)'s', buffer));
    }

    /// <summary>A stream that returns a few bytes at a time, and records the buffers of all reads.</summary>
    private sealed class KeepingStream(byte[] bytes) : Stream
    {
        private int _at;

        public HashSet<byte[]> Buffers { get; } = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment));
            return new(Read(segment.Array!, segment.Offset, segment.Count));
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Buffers.Add(buffer);
            int length = Math.Min(Math.Min(count, 1000), bytes.Length - _at);
            Array.Copy(bytes, _at, buffer, offset, length);
            _at += length;
            return length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
