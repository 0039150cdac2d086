namespace Acm.Client.Calls;

/// <summary>Runs work under a semaphore.</summary>
internal static class Room
{
    /// <summary>Waits for the semaphore, runs work, and releases the semaphore however the work ends.</summary>
    public static async Task<T> UseAsync<T>(this SemaphoreSlim room, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            room.Release();
        }
    }
}
