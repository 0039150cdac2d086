using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that tests something step by step, and writes each step.</summary>
public abstract class TestCmdlet : AcmCmdlet
{
    /// <summary>What the progress bar says is done.</summary>
    private protected abstract string Activity { get; }

    // What fails there is a row of its own.
    private protected override bool FindsNamespace => false;

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
            await Pipeline.WriteObjectAsync(WithParameters(check)).ConfigureAwait(false);
        }
    }

    // The engine has no parameters.
    private static ConnectionCheck WithParameters(ConnectionCheck check) => check.Option is null ? check : new()
    {
        Check = check.Check,
        Target = check.Target,
        Status = check.Status,
        Detail = check.Detail,
        Cure = OptionAdvice.With(check.Cure, check.Option) ?? "",
        Option = check.Option,
        Duration = check.Duration,
    };

    private protected abstract IAsyncEnumerable<ConnectionCheck> TestAsync(CancellationToken cancellationToken);
}
