using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that tests something step by step, and writes each step.</summary>
public abstract class TestCmdlet : AcmCmdlet
{
    /// <summary>What the progress bar says is done.</summary>
    private protected abstract string Activity { get; }

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = Activity;
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        await foreach (ConnectionCheck check in TestAsync(cancellationToken).ConfigureAwait(false))
        {
            Progress.Advance();
            await Pipeline.WriteObjectAsync(check).ConfigureAwait(false);
        }
    }

    private protected abstract IAsyncEnumerable<ConnectionCheck> TestAsync(CancellationToken cancellationToken);
}
