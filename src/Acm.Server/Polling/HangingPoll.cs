using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A registered poll; disposing takes it off every key.</summary>
internal readonly struct HangingPoll(Poll poll, List<Watch> watches, ConfigIndex index, PollClock clock) : IDisposable
{
    /// <summary>The body of the answer; empty when the time is over or the client is gone.</summary>
    public async Task<ReadOnlyMemory<byte>> WaitAsync(CancellationToken clientGone)
    {
        using CancellationTokenRegistration registration = clientGone.UnsafeRegister(static state => ((Poll)state!).TrySetResult(default), poll);
        return await poll.Task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        clock.Remove(poll);
        foreach (Watch watch in watches) index.Unwatch(watch);
    }
}
