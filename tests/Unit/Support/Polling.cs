namespace Acm.Tests.Support;

/// <summary>Waits for a state that nothing tells of.</summary>
internal static class Polling
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns once the condition is true. The pauses leave the processor to what is waited for.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(ModuleShell.Deadline);
        while (!isSo()) await Task.Delay(BetweenLooks, deadline.Token);
    }
}
