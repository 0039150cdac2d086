using System.Diagnostics.CodeAnalysis;
using Acm.Client.Text;

namespace Acm.Client.Calls;

/// <summary>One step of a test: whatever becomes of it is a row.</summary>
internal static class CheckStep
{
    /// <param name="clock">Source of time.</param>
    /// <param name="limit">How long the step may take.</param>
    /// <param name="check">Its name.</param>
    /// <param name="target">What is tested.</param>
    /// <param name="step">Does it, and answers what was seen.</param>
    /// <param name="cure">What to do where it fails and the error has no advice of its own.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every way in which a step fails is what the test is to report.")]
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
