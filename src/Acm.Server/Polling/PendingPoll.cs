using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>A registered poll; disposing of it removes it from every key.</summary>
internal readonly struct PendingPoll(Poll poll, PendingPolls pending) : IDisposable
{
    /// <summary>Waits for a change; returns the changed key as the client wrote it, or null if the time is over or the client is gone.</summary>
    public async Task<ConfigKey?> WaitAsync(CancellationToken clientGone)
    {
        using CancellationTokenRegistration registration = clientGone.UnsafeRegister(static state => ((Poll)state!).TrySetResult(null), poll);
        return await poll.Task.ConfigureAwait(false);
    }

    public void Dispose() => pending.Remove(poll);
}
