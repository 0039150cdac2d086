using System.IO.Pipelines;
using System.Numerics;
using Acm.Server.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace Acm.Server.Http;

/// <summary>
/// A request's body in one buffer. The buffer grows with the received bytes rather than the announced length, and counts against the budget
/// of all bodies.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The maximum number of fields in a form, because a parsed field uses many times its size.</summary>
    public const int MaxFields = 1_000;

    private const int FirstBytes = 4096;
    private readonly Lock _reading = new();
    private PipeReader? _reader;
    private byte[] _buffer = [];
    private BodyBudget? _budget;
    private IncomingBody? _incoming;
    private volatile bool _isOverdue;

    public Memory<byte> Bytes { get; private set; }

    /// <summary>Reads the body. If it exceeds a limit, its memory is released and the rest is not read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The maximum size in bytes.</param>
    /// <param name="isForm">Whether the body is a form, whose number of fields is limited.</param>
    /// <exception cref="BadHttpRequestException">The body is malformed or too slow, or the memory budget is exhausted.</exception>
    public async ValueTask<BodyOutcome> ReadAsync(HttpRequest request, long limit, bool isForm = true)
    {
        if (request.ContentLength is 0) return BodyOutcome.Read;
        if (request.ContentLength > limit) return BodyOutcome.TooLarge;

        PipeReader reader = request.BodyReader;
        _budget = request.HttpContext.Features.GetRequiredFeature<BodyBudget>();
        lock (_reading) _reader = reader;
        BodyOutcome outcome;
        try
        {
            // CancelPendingRead, unlike a token, leaves the connection usable for the response.
            await using ITimer patience = _budget.StartPatience(_ =>
            {
                _isOverdue = true;
                CancelRead();
            });
            outcome = await ReadAsync(reader, request, limit, isForm).ConfigureAwait(false);
        }
        finally
        {
            lock (_reading) _reader = null;
            if (_incoming is not null) _budget.Arrive(_incoming);
        }

        if (outcome != BodyOutcome.Read) Dispose();
        return outcome;
    }

    /// <summary>
    /// Cancels the pending read; does nothing if the body is read or given up. Timers and other requests call it at any time, and Kestrel's reader throws when it is called after the end of its request.
    /// </summary>
    internal void CancelRead()
    {
        lock (_reading)
        {
            try
            {
                _reader?.CancelPendingRead();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The connection was aborted, which ends the pending read as well. Nobody catches exceptions of timers, so this one would end the process.
            }
        }
    }

    public void Dispose()
    {
        Bytes = default;
        Return(Interlocked.Exchange(ref _buffer, []));
        if (_incoming is not null) _budget!.LeaveLarge(_incoming);
    }

    private async ValueTask<BodyOutcome> ReadAsync(PipeReader reader, HttpRequest request, long limit, bool isForm)
    {
        int length = 0;
        int fields = 1;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
            try
            {
                if (_incoming is { IsEnded: true }) throw BodyBudget.TooMany();

                // A late cancellation of the connection's previous body must not end this one.
                if (_isOverdue) throw new BadHttpRequestException("the body arrived too slowly", StatusCodes.Status408RequestTimeout);
                if (length + result.Buffer.Length > limit) return BodyOutcome.TooLarge;

                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                {
                    while (length + part.Length > _buffer.Length) Grow(length, request.ContentLength ?? limit);
                    part.Span.CopyTo(_buffer.AsSpan(length));
                    length += part.Length;
                    if (isForm) fields += part.Span.Count((byte)'&');
                }
            }
            finally
            {
                reader.AdvanceTo(result.Buffer.End);
            }

            if (fields > MaxFields) return BodyOutcome.TooManyFields;
            if (!result.IsCompleted) continue;

            Bytes = _buffer.AsMemory(0, length);
            return BodyOutcome.Read;
        }
    }

    private void Grow(int length, long mayBecome)
    {
        _incoming ??= _budget!.Enter(CancelRead);
        int size = length == 0 ? FirstBytes : _buffer.Length * 2;
        if (size > BodyBudget.LargeBytes)
        {
            // A large body gets its final buffer immediately, so that it does not need two buffers while it grows.
            _budget!.EnterLarge(_incoming);
            size = (int)BitOperations.RoundUpToPowerOf2((uint)mayBecome);
        }

        byte[] larger = _budget!.Rent(size, _incoming);
        _buffer.AsSpan(0, length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private void Return(byte[] buffer)
    {
        if (buffer.Length > 0) _budget!.Return(buffer, _incoming!);
    }
}
