using System.Buffers;

namespace Acm.Server.Limits;

/// <summary>
/// The memory budget of all request bodies. Anyone can use it, because a body must be read before its signature can be checked. If the
/// budget is exhausted, a small body aborts the largest incoming one, and a larger body aborts one that has been incoming for a while.
/// Slow senders therefore cannot lock out others, from however many addresses.
/// </summary>
/// <param name="most">The budget in bytes for bodies that are not large.</param>
/// <param name="clock">Measures how long a body is incoming.</param>
internal sealed class BodyBudget(long most, TimeProvider clock)
{
    public const long DefaultLimit = 16 * 1024 * 1024;

    /// <summary>The largest buffer, in bytes, of a body that does not count as large. Polls of about ten thousand keys are large.</summary>
    public const int LargeBytes = 1024 * 1024;

    /// <summary>The largest buffer, in bytes, that can always make room for itself.</summary>
    public const int SmallBytes = 256 * 1024;

    /// <summary>The maximum number of large bodies at once; they do not count against the budget of the others.</summary>
    private const int MaxLarge = 2;

    // The shared pool keeps one buffer for each thread and size, which is too much for larger sizes.
    private const int SharedBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private readonly LinkedList<IncomingBody> _incoming = [];
    private long _held;
    private long _kept;
    private int _large;

    /// <summary>Gets how long a body may be incoming: 16 MB in this time is 270 KB per second.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how long a body may be incoming if another one needs its memory.</summary>
    public static TimeSpan PatienceWhenFull { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the number of bytes in use by bodies that are not large.</summary>
    public long Held
    {
        get
        {
            lock (_lock) return _held;
        }
    }

    /// <summary>Starts a timer that calls back when a body has been incoming for too long.</summary>
    public ITimer StartPatience(TimerCallback overdue) => clock.CreateTimer(overdue, null, Patience, Timeout.InfiniteTimeSpan);

    /// <summary>Registers a body that is about to use memory.</summary>
    /// <param name="end">Cancels the pending read of the body.</param>
    public IncomingBody Enter(Action end)
    {
        var body = new IncomingBody(end, clock.GetTimestamp());
        lock (_lock) _incoming.AddLast(body);
        return body;
    }

    /// <summary>Marks a body as complete or abandoned, so that it is not aborted any more.</summary>
    public void Arrive(IncomingBody body)
    {
        lock (_lock) _incoming.Remove(body);
    }

    /// <summary>Registers a body as large.</summary>
    /// <exception cref="BadHttpRequestException">There are too many large bodies (503).</exception>
    public void EnterLarge(IncomingBody body)
    {
        lock (_lock)
        {
            if (body.IsEnded || (_large == MaxLarge && !TryEnd(OldestLarge()))) throw TooMany();

            body.IsLarge = true;
            _large++;
        }
    }

    public void LeaveLarge(IncomingBody body)
    {
        lock (_lock)
        {
            if (body is { IsLarge: true, IsEnded: false }) _large--;
            body.IsLarge = false;
        }
    }

    /// <summary>Rents a buffer.</summary>
    /// <param name="size">The size in bytes, a power of two; above <see cref="LargeBytes"/> only for large bodies.</param>
    /// <param name="body">The body that uses the buffer.</param>
    /// <exception cref="BadHttpRequestException">The budget is exhausted (503).</exception>
    public byte[] Rent(int size, IncomingBody body)
    {
        lock (_lock)
        {
            if (size <= LargeBytes)
            {
                while (!body.IsEnded && _held + size > most && TryEnd(LargestFor(size, body))) { }

                if (body.IsEnded || _held + size > most) throw TooMany();

                _held += size;
                body.Held += size;
            }

            if (_free.TryGetValue(size, out Stack<byte[]>? buffers) && buffers.TryPop(out byte[]? buffer))
            {
                if (size <= LargeBytes) _kept -= size;
                return buffer;
            }
        }

        return size <= SharedBytes ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
    }

    public void Return(byte[] buffer, IncomingBody body)
    {
        if (buffer.Length <= SharedBytes) ArrayPool<byte>.Shared.Return(buffer);
        lock (_lock)
        {
            if (buffer.Length <= LargeBytes && !body.IsEnded)
            {
                _held -= buffer.Length;
                body.Held -= buffer.Length;
            }

            if (buffer.Length <= SharedBytes) return;

            if (!_free.TryGetValue(buffer.Length, out Stack<byte[]>? buffers)) _free[buffer.Length] = buffers = new Stack<byte[]>();
            bool isKept = buffer.Length > LargeBytes ? buffers.Count < MaxLarge : _held + _kept + buffer.Length <= most;
            if (!isKept) return;

            buffers.Push(buffer);
            if (buffer.Length <= LargeBytes) _kept += buffer.Length;
        }
    }

    public static BadHttpRequestException TooMany() => new("too many large requests at once, try again", StatusCodes.Status503ServiceUnavailable);

    private bool IsSlow(IncomingBody body) => clock.GetElapsedTime(body.Since) >= PatienceWhenFull;

    private IncomingBody? OldestLarge() => _incoming.FirstOrDefault(body => body.IsLarge && IsSlow(body));

    // Of equally large bodies the oldest. A small body aborts only bodies of at least its new size, so that small ones are aborted last.
    private IncomingBody? LargestFor(int size, IncomingBody asking) =>
        _incoming.Where(body => body != asking && body.Held > 0 && ((size <= SmallBytes && body.Held >= size) || IsSlow(body))).MaxBy(body => body.Held);

    private bool TryEnd(IncomingBody? body)
    {
        if (body is null) return false;

        body.IsEnded = true;
        _held -= body.Held;
        body.Held = 0;
        if (body.IsLarge) _large--;
        _incoming.Remove(body);

        // Outside the lock, because the code that awaits the read may continue in this call.
        ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.End(), body, preferLocal: false);
        return true;
    }
}
