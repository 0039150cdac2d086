using System.Diagnostics.CodeAnalysis;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// Limits how many large responses are in memory at once, because one connection may request many and read none. If other calls wait, the calls of slow readers are ended.
/// </summary>
/// <param name="clock">Measures how long the sending of a response takes.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle has no unmanaged resources.")]
internal sealed class LargeAnswers(TimeProvider clock)
{
    /// <summary>The largest content, in bytes, that does not count as large.</summary>
    public const int SmallBytes = 256 * 1024;

    /// <summary>The maximum number of large responses in memory.</summary>
    public const int MaxAtOnce = 8;

    /// <summary>How long sending a response may take while another call waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = clock;
    private readonly SemaphoreSlim _room = new(MaxAtOnce);
    private int _waiting;

    /// <summary>Gets the number of waiting calls.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits until another large response fits.</summary>
    /// <param name="abort">Ends the call of a slow reader.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>An object to dispose of when the response is sent.</returns>
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

        return new Place(this, abort);
    }

    private sealed class Place : IDisposable
    {
        private readonly LargeAnswers _answers;
        private readonly Action _abort;
        private readonly ITimer _patience;
        private readonly Lock _leaving = new();
        private bool _hasLeft;

        public Place(LargeAnswers answers, Action abort)
        {
            _answers = answers;
            _abort = abort;
            _patience = answers._clock.CreateTimer(static place => ((Place)place!).EndWhereOthersWait(), this, Patience, BetweenLooks);
        }

        public void Dispose()
        {
            lock (_leaving)
            {
                if (_hasLeft) return;

                _hasLeft = true;
            }

            _patience.Dispose();
            _answers._room.Release();
        }

        // Under the lock, because Kestrel uses the context of a call that has ended for the next call, or throws.
        private void EndWhereOthersWait()
        {
            lock (_leaving)
            {
                if (!_hasLeft && _answers.Waiting > 0) _abort();
            }
        }
    }
}
