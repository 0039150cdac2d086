using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the commands that run a test in steps and return the result of each step.</summary>
public abstract class TestCmdlet : AcmCmdlet
{
    /// <summary>Gets the title of the progress bar.</summary>
    private protected abstract string Activity { get; }

    // The test reports a failed look-up as a step.
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

    // Adds the names of parameters, which the engine does not know.
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
