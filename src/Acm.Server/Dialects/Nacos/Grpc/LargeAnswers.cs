using System.Diagnostics.CodeAnalysis;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// Bounds how many large answers are held at once, from when they are made until they are sent: one connection may ask for many and read none. Where others wait, the call of a client that takes its
/// answer slowly is ended.
/// </summary>
/// <param name="clock">Measures how long an answer is on its way.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asked for holds nothing.")]
internal sealed class LargeAnswers(TimeProvider clock)
{
    /// <summary>Contents of up to this are not large.</summary>
    public const int SmallBytes = 256 * 1024;

    /// <summary>So many are held at once.</summary>
    public const int Most = 8;

    /// <summary>How long an answer may be on its way where another one waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _room = new(Most);
    private int _waiting;

    /// <summary>How many wait for room.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for room.</summary>
    /// <param name="abort">Ends the call.</param>
    /// <param name="cancellationToken">Fires when the client is gone.</param>
    /// <returns>Gives the room back when it is disposed of.</returns>
    public async ValueTask<IDisposable> EnterAsync(Action abort, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        return new Place(_room, clock.CreateTimer(_ => EndWhereOthersWait(abort), null, Patience, BetweenLooks));
    }

    private void EndWhereOthersWait(Action abort)
    {
        if (Waiting > 0) abort();
    }

    private sealed class Place(SemaphoreSlim room, ITimer patience) : IDisposable
    {
        private int _hasLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _hasLeft, 1) != 0) return;

            patience.Dispose();
            room.Release();
        }
    }
}
