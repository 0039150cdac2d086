using System.Threading.Channels;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>
/// A clock that stands still and tells of each pause before another try (1 s to 30 s) as it begins, so that a test can let it pass. The moments between tries of one call pass by themselves. It counts the timers
/// that are not disposed of. Limits of requests have to be longer than 30 s, or they would be taken for pauses: see <see cref="Options(ScriptedServer[])"/>.
/// </summary>
internal sealed class WatchClock : FakeTimeProvider
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // The time that others wait for keys which are read: a test lets it pass where that is its matter.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();
    private int _timers;

    /// <summary>Whether the timer of a duration can't be made; null for none that can't.</summary>
    public Func<TimeSpan, bool>? Fails { get; set; }

    public int Timers => Volatile.Read(ref _timers);

    public static Client.AcmClientOptions Options(params ScriptedServer[] servers) => Clients.Options(servers) with { TryTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>For the real server: its polls hang longer than any test waits, so that a change that no poll told of is not found by the next one.</summary>
    public static Client.AcmClientOptions Options(AcmServerProcess server) =>
        new() { Endpoint = server.Uri.Authority, Direct = true, Namespace = "ns", TryTimeout = TimeSpan.FromSeconds(30), LongPollTimeout = TimeSpan.FromMinutes(10) };

    /// <summary>Waits until a pause begins.</summary>
    /// <returns>How long it is.</returns>
    public async Task<TimeSpan> NextPauseAsync() => await Clients.InTime(_pauses.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());

    /// <summary>Waits until a pause begins, and lets it pass.</summary>
    /// <returns>How many seconds it was.</returns>
    public async Task<double> PassAsync()
    {
        TimeSpan pause = await NextPauseAsync();
        Advance(pause);
        return pause.TotalSeconds;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (Fails?.Invoke(dueTime) == true) throw new InvalidOperationException("a fault");

        Interlocked.Increment(ref _timers);
        var timer = new CountedTimer(this, base.CreateTimer(callback, state, dueTime, period));
        Note(dueTime);
        return timer;
    }

    private void Note(TimeSpan due)
    {
        if (due >= ShortestPause && due <= LongestPause) _pauses.Writer.TryWrite(due);
        else if (due > TimeSpan.Zero && due < ShortestPause && due != Grace) Advance(due);
    }

    private sealed class CountedTimer(WatchClock clock, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            clock.Note(dueTime);
            return changed;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Interlocked.Decrement(ref clock._timers);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
