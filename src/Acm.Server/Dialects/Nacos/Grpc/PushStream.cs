using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The sending half of a connection's stream. One loop writes; it waits where the client does not read.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and who ends a stream may come late.")]
internal sealed class PushStream
{
    private const int FlushBytes = 16 * 1024;

    private readonly Channel<Push> _queue = Channel.CreateUnbounded<Push>();
    private readonly CancellationTokenSource _ending = new();

    /// <summary>Fires when the server ends the stream.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>How many pushes wait.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>What acknowledges a set-up; null before the first. One for all of them, so that it waits once at most.</summary>
    public FixedPush? SetupAck { get; set; }

    /// <summary>How the call ends.</summary>
    public GrpcStatus Status { get; private set; } = GrpcStatus.Ok;

    /// <summary>Has a push sent, unless it waits already. Never waits.</summary>
    /// <returns>False where the stream has ended.</returns>
    public bool Enqueue(Push push)
    {
        if (!push.TryQueue() || _queue.Writer.TryWrite(push)) return true;

        push.Leave();
        return false;
    }

    /// <summary>Gives what waits in a stream that has ended to the one that the connection has now.</summary>
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

        // What waits for the token goes on elsewhere: whoever ends a stream may hold a lock.
        _ = _ending.CancelAsync();
    }

    /// <summary>Sends what is queued, until the stream ends.</summary>
    /// <param name="connection">Whose stream it is.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="cancellationToken">Fires when the client is gone.</param>
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
            // Nobody reads the stream any more.
            return;
        }
        finally
        {
            End(GrpcStatus.Ok);
            HandOver(connection);
        }
    }
}
