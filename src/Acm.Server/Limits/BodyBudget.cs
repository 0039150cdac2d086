using System.Buffers;

namespace Acm.Server.Limits;

/// <summary>
/// The memory that the bodies of all requests hold together. A body is read before it can be proved whose it is, because the proof may
/// be inside, so anybody can have it held.
/// </summary>
/// <param name="most">The most bytes of bodies that are not large.</param>
/// <param name="clock">Measures how long a body is on its way.</param>
internal sealed class BodyBudget(long most, TimeProvider clock)
{
    public const long DefaultMost = 16 * 1024 * 1024;

    /// <summary>A body that needs a larger buffer than this is large: polls of some ten thousand keys are.</summary>
    public const int LargeBytes = 1024 * 1024;

    /// <summary>So many large bodies are read at once; they take nothing from the others.</summary>
    private const int MostLarge = 2;

    // The shared pool keeps one buffer a thread and size, which for sizes above this is too much.
    private const int SharedBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private long _held;
    private long _kept;
    private int _large;

    /// <summary>How long a body may be on its way: 16 MB in this time are 270 KB a second.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

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

    /// <exception cref="BadHttpRequestException">As many large bodies as may be are read now (503).</exception>
    public void EnterLarge()
    {
        lock (_lock)
        {
            if (_large == MostLarge) throw TooMany();

            _large++;
        }
    }

    public void LeaveLarge()
    {
        lock (_lock) _large--;
    }

    /// <param name="size">A power of two; above <see cref="LargeBytes"/> only for a body that has entered as a large one.</param>
    /// <exception cref="BadHttpRequestException">So much cannot be held now (503).</exception>
    public byte[] Rent(int size)
    {
        lock (_lock)
        {
            if (size <= LargeBytes)
            {
                if (_held + size > most) throw TooMany();

                _held += size;
            }

            if (_free.TryGetValue(size, out Stack<byte[]>? buffers) && buffers.TryPop(out byte[]? buffer))
            {
                if (size <= LargeBytes) _kept -= size;
                return buffer;
            }
        }

        return size <= SharedBytes ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
    }

    public void Return(byte[] buffer)
    {
        if (buffer.Length <= SharedBytes) ArrayPool<byte>.Shared.Return(buffer);
        lock (_lock)
        {
            if (buffer.Length <= LargeBytes) _held -= buffer.Length;
            if (buffer.Length <= SharedBytes) return;

            if (!_free.TryGetValue(buffer.Length, out Stack<byte[]>? buffers)) _free[buffer.Length] = buffers = new Stack<byte[]>();
            bool isKept = buffer.Length > LargeBytes ? buffers.Count < MostLarge : _held + _kept + buffer.Length <= most;
            if (!isKept) return;

            buffers.Push(buffer);
            if (buffer.Length <= LargeBytes) _kept += buffer.Length;
        }
    }

    private static BadHttpRequestException TooMany() => new("too many large requests at once, try again", StatusCodes.Status503ServiceUnavailable);
}
