using System.Buffers;

namespace Acm.Server.Limits;

/// <summary>
/// The memory that the bodies of all requests hold together. A body is read before it can be proved whose it is, because the proof may
/// be inside, so anybody can have it held. Where the memory is in use, a small body ends the largest one that is still on its way, and a
/// larger body one that has been on its way for long: who sends slowly keeps nobody out, from however many addresses.
/// </summary>
/// <param name="most">The most bytes of bodies that are not large.</param>
/// <param name="clock">Measures how long a body is on its way.</param>
internal sealed class BodyBudget(long most, TimeProvider clock)
{
    public const long DefaultMost = 16 * 1024 * 1024;

    /// <summary>A body that needs a larger buffer than this is large: polls of some ten thousand keys are.</summary>
    public const int LargeBytes = 1024 * 1024;

    /// <summary>A buffer of up to this always finds room.</summary>
    public const int SmallBytes = 256 * 1024;

    /// <summary>So many large bodies are read at once; they take nothing from the others.</summary>
    private const int MostLarge = 2;

    // The shared pool keeps one buffer a thread and size, which for sizes above this is too much.
    private const int SharedBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private readonly LinkedList<BodyOnItsWay> _onTheirWay = [];
    private long _held;
    private long _kept;
    private int _large;

    /// <summary>How long a body may be on its way: 16 MB in this time are 270 KB a second.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a body may be on its way where another one wants its room.</summary>
    public static TimeSpan PatienceWhenFull { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes are held by bodies that are not large.</summary>
    public long Held
    {
        get
        {
            lock (_lock) return _held;
        }
    }

    /// <summary>Calls back once a body has been on its way for too long.</summary>
    public ITimer StartPatience(TimerCallback overdue) => clock.CreateTimer(overdue, null, Patience, Timeout.InfiniteTimeSpan);

    /// <summary>Takes note of a body that is about to hold something.</summary>
    /// <param name="end">Ends the read that waits for more of it.</param>
    public BodyOnItsWay Enter(Action end)
    {
        var body = new BodyOnItsWay(end, clock.GetTimestamp());
        lock (_lock) _onTheirWay.AddLast(body);
        return body;
    }

    /// <summary>It is complete, or given up: nothing ends it any more.</summary>
    public void Arrive(BodyOnItsWay body)
    {
        lock (_lock) _onTheirWay.Remove(body);
    }

    /// <exception cref="BadHttpRequestException">As many large bodies as may be are read now (503).</exception>
    public void EnterLarge(BodyOnItsWay body)
    {
        lock (_lock)
        {
            if (body.IsEnded || (_large == MostLarge && !TryEnd(OldestLarge()))) throw TooMany();

            body.IsLarge = true;
            _large++;
        }
    }

    public void LeaveLarge(BodyOnItsWay body)
    {
        lock (_lock)
        {
            if (body is { IsLarge: true, IsEnded: false }) _large--;
            body.IsLarge = false;
        }
    }

    /// <param name="size">A power of two; above <see cref="LargeBytes"/> only for a body that has entered as a large one.</param>
    /// <param name="body">Whose buffer it is.</param>
    /// <exception cref="BadHttpRequestException">So much cannot be held now (503).</exception>
    public byte[] Rent(int size, BodyOnItsWay body)
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

    public void Return(byte[] buffer, BodyOnItsWay body)
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
            bool isKept = buffer.Length > LargeBytes ? buffers.Count < MostLarge : _held + _kept + buffer.Length <= most;
            if (!isKept) return;

            buffers.Push(buffer);
            if (buffer.Length <= LargeBytes) _kept += buffer.Length;
        }
    }

    public static BadHttpRequestException TooMany() => new("too many large requests at once, try again", StatusCodes.Status503ServiceUnavailable);

    private bool IsSlow(BodyOnItsWay body) => clock.GetElapsedTime(body.Since) >= PatienceWhenFull;

    private BodyOnItsWay? OldestLarge() => _onTheirWay.FirstOrDefault(body => body.IsLarge && IsSlow(body));

    // Of equal ones the oldest. A small body ends only what is no smaller than it becomes, so that small ones are last.
    private BodyOnItsWay? LargestFor(int size, BodyOnItsWay asking) =>
        _onTheirWay.Where(body => body != asking && body.Held > 0 && ((size <= SmallBytes && body.Held >= size) || IsSlow(body))).MaxBy(body => body.Held);

    private bool TryEnd(BodyOnItsWay? body)
    {
        if (body is null) return false;

        body.IsEnded = true;
        _held -= body.Held;
        body.Held = 0;
        if (body.IsLarge) _large--;
        _onTheirWay.Remove(body);

        // Not within the lock: what waits for the body may go on in this call.
        ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.End(), body, preferLocal: false);
        return true;
    }
}
