using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The sending half of a connection's stream. A single loop writes, and waits while the client does not read.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer has no unmanaged resources, and End may be called late.")]
internal sealed class PushStream
{
    private const int FlushBytes = 16 * 1024;

    private readonly Channel<Push> _queue = Channel.CreateUnbounded<Push>();
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Gets a token that is canceled when the server ends the stream.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Gets the number of queued pushes.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Gets or sets the acknowledgement of set-ups; null before the first. All set-ups share it, so that it is queued at most once.</summary>
    public FixedPush? SetupAck { get; set; }

    /// <summary>Gets the status with which the call ends.</summary>
    public GrpcStatus Status { get; private set; } = GrpcStatus.Ok;

    /// <summary>Queues a push without waiting, unless it is queued already.</summary>
    /// <returns>False if the stream has ended.</returns>
    public bool Enqueue(Push push)
    {
        if (!push.TryQueue() || _queue.Writer.TryWrite(push)) return true;

        push.Leave();
        return false;
    }

    /// <summary>Moves the queued pushes of an ended stream to the connection's current stream.</summary>
    public void HandOver(GrpcConnection connection)
    {
        while (_queue.Reader.TryRead(out Push? push))
        {
            push.Leave();
            connection.Forward(push);
        }
    }

    /// <summary>Ends the stream.</summary>
    public void End(GrpcStatus status)
    {
        if (!_queue.Writer.TryComplete()) return;

        Status = status;

        // The caller may hold a lock, so the token's callbacks run on another thread.
        _ = _ending.CancelAsync();
    }

    /// <summary>Sends queued pushes until the stream ends.</summary>
    /// <param name="connection">The connection of the stream.</param>
    /// <param name="writer">The body of the response.</param>
    /// <param name="cancellationToken">Canceled when the client disconnects.</param>
    public async Task SendAsync(GrpcConnection connection, PipeWriter writer, CancellationToken cancellationToken)
    {
        int unsent = 0;
        try
        {
            await foreach (Push push in _queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                push.Leave();
                if (!push.IsOver)
                {
                    byte[] frame = connection.Write(push);
                    writer.Write(frame);
                    unsent += frame.Length;
                }

                if (unsent == 0 || (unsent < FlushBytes && _queue.Reader.TryPeek(out _))) continue;

                unsent = 0;
                FlushResult flushed = await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (flushed.IsCompleted) return;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client is gone.
            return;
        }
        finally
        {
            End(GrpcStatus.Ok);
            HandOver(connection);
        }
    }
}
