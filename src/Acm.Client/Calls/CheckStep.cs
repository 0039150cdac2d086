using System.Diagnostics.CodeAnalysis;
using Acm.Client.Text;

namespace Acm.Client.Calls;

/// <summary>Runs one step of a connection test and turns its result or failure into a row.</summary>
internal static class CheckStep
{
    /// <param name="clock">Source of time.</param>
    /// <param name="limit">Time-out of the step.</param>
    /// <param name="check">The name of the step.</param>
    /// <param name="target">What is tested.</param>
    /// <param name="step">Runs the step and returns the details.</param>
    /// <param name="cure">What to do about a failure without advice of its own.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure of a step is a result of the test.")]
    public static async Task<ConnectionCheck> RunAsync(TimeProvider clock, TimeSpan limit, string check, string target, Func<CancellationToken, Task<string>> step, string cure, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        string detail;
        string ownCure = cure;
        string? option = null;
        bool passed = false;
        try
        {
            detail = await clock.WithinAsync(limit, static (step, token) => step(token), step, cancellationToken).ConfigureAwait(false);
            passed = true;
        }
        catch (TimeLimitException)
        {
            detail = $"no answer within {limit.AsLimit()}";
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            detail = e.Message;
            ownCure = (e as AcmException)?.Advice ?? cure;
            option = (e as AcmException)?.Option;
        }

        return new ConnectionCheck
        {
            Check = check,
            Target = target,
            Status = passed ? CheckStatus.Passed : CheckStatus.Failed,
            Detail = detail,
            Cure = passed ? "" : ownCure,
            Option = option,
            Duration = clock.GetElapsedTime(started),
        };
    }

    public static ConnectionCheck Skipped(string check, string target, string reason) =>
        new() { Check = check, Target = target, Status = CheckStatus.Skipped, Detail = reason };
}
