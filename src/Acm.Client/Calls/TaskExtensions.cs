namespace Acm.Client.Calls;

/// <summary>Waits that end before the work does.</summary>
internal static class TaskExtensions
{
    /// <summary>Waits for work that goes on when this caller stops waiting.</summary>
    public static async Task OrCancelled(this Task work, CancellationToken cancellationToken)
    {
        if (!work.IsCompleted && cancellationToken.CanBeCanceled)
        {
            var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration _ = cancellationToken.Register(() => cancelled.TrySetCanceled(cancellationToken));
            await (await Task.WhenAny(work, cancelled.Task).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        await work.ConfigureAwait(false);
    }
}
