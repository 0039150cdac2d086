using System.Threading.Channels;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>
/// A stopped clock that reports the start of each pause before a retry (1 s to 30 s), so that a test can let it elapse. The pauses between tries of one call elapse immediately. It counts the timers
/// that are not disposed of. Time limits of requests must be longer than 30 s to be distinguished from pauses; see <see cref="Options(ScriptedServer[])"/>.
/// </summary>
internal sealed class WatchClock : FakeTimeProvider
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // How long others wait for keys that are being read; the tests of this time advance the clock themselves.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();
    private int _timers;

    /// <summary>Gets or sets the function that returns whether creating a timer fails; null for no failures.</summary>
    public Func<TimeSpan, bool>? Fails { get; set; }

    public int Timers => Volatile.Read(ref _timers);

    public static Client.AcmClientOptions Options(params ScriptedServer[] servers) => Clients.Options(servers) with { TryTimeout = TimeSpan.FromMinutes(1) };

    /// <summary>Returns options for a real server, with polls longer than any test, so that a change that a poll misses fails the test.</summary>
    public static Client.AcmClientOptions Options(Uri server) =>
        new() { Endpoint = server.Authority, Direct = true, Namespace = "ns", TryTimeout = TimeSpan.FromSeconds(30), LongPollTimeout = TimeSpan.FromMinutes(10) };

    /// <summary>Waits until a pause starts.</summary>
    /// <returns>The length of the pause.</returns>
    public async Task<TimeSpan> NextPauseAsync() => await Clients.InTime(_pauses.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());

    /// <summary>Waits until a pause starts, and lets it elapse.</summary>
    /// <returns>The length of the pause in seconds.</returns>
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
