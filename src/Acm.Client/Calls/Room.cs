namespace Acm.Client.Calls;

/// <summary>Bounds how much is done at once: a semaphore whose room is given back however the work ends.</summary>
internal static class Room
{
    /// <summary>Does work once there is room for it.</summary>
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
