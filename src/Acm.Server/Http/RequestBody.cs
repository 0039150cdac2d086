using System.IO.Pipelines;
using System.Numerics;
using Acm.Server.Limits;
using Microsoft.AspNetCore.Http.Features;

namespace Acm.Server.Http;

/// <summary>
/// A request's body in one buffer, which grows as bytes come in and counts against the budget of all bodies: what a client announces
/// holds no memory.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>More than any call has; each costs many times its bytes once it is taken apart.</summary>
    public const int MaxFields = 1_000;

    private const int FirstBytes = 4096;
    private byte[] _buffer = [];
    private BodyBudget? _budget;
    private BodyOnItsWay? _onItsWay;
    private volatile bool _isOverdue;

    public Memory<byte> Bytes { get; private set; }

    /// <summary>Reads it to its end, or to where it is too much: then nothing of it is held and the rest is left unread.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">The most bytes.</param>
    /// <param name="isForm">Whether it is taken apart into fields.</param>
    /// <exception cref="BadHttpRequestException">It is malformed, takes too long, or cannot be held now.</exception>
    public async ValueTask<BodyOutcome> ReadAsync(HttpRequest request, long limit, bool isForm = true)
    {
        if (request.ContentLength is 0) return BodyOutcome.Read;
        if (request.ContentLength > limit) return BodyOutcome.TooLarge;

        PipeReader reader = request.BodyReader;
        _budget = request.HttpContext.Features.GetRequiredFeature<BodyBudget>();
        BodyOutcome outcome;
        try
        {
            // Cancelling the read itself, not a token, leaves the reader in a state from which the answer can be sent.
            await using ITimer patience = _budget.StartPatience(_ =>
            {
                _isOverdue = true;
                reader.CancelPendingRead();
            });
            outcome = await ReadAsync(reader, request, limit, isForm).ConfigureAwait(false);
        }
        finally
        {
            if (_onItsWay is not null) _budget.Arrive(_onItsWay);
        }

        if (outcome != BodyOutcome.Read) Dispose();
        return outcome;
    }

    public void Dispose()
    {
        Bytes = default;
        Return(Interlocked.Exchange(ref _buffer, []));
        if (_onItsWay is not null) _budget!.LeaveLarge(_onItsWay);
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
                if (_onItsWay is { IsEnded: true }) throw BodyBudget.TooMany();

                // What ended an earlier body of this connection may come late; that is no reason to end this one.
                if (_isOverdue) throw new BadHttpRequestException("the body took too long", StatusCodes.Status408RequestTimeout);
                if (length + result.Buffer.Length > limit) return BodyOutcome.TooLarge;

                foreach (ReadOnlyMemory<byte> part in result.Buffer)
                {
                    while (length + part.Length > _buffer.Length) Grow(reader, length, request.ContentLength ?? limit);
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

    private void Grow(PipeReader reader, int length, long mayBecome)
    {
        _onItsWay ??= _budget!.Enter(reader.CancelPendingRead);
        int size = length == 0 ? FirstBytes : _buffer.Length * 2;
        if (size > BodyBudget.LargeBytes)
        {
            // There are few of them: each gets its last buffer at once, so that it is not held twice while it grows.
            _budget!.EnterLarge(_onItsWay);
            size = (int)BitOperations.RoundUpToPowerOf2((uint)mayBecome);
        }

        byte[] larger = _budget!.Rent(size, _onItsWay);
        _buffer.AsSpan(0, length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private void Return(byte[] buffer)
    {
        if (buffer.Length > 0) _budget!.Return(buffer, _onItsWay!);
    }
}
