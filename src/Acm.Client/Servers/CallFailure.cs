using Acm.Client.Text;

namespace Acm.Client.Servers;

/// <summary>Creates the error of a call after its last try; its kind is the kind that all failures share.</summary>
internal static class CallFailure
{
    public static AcmException AfterAllTries(ServerCall call, AcmException last)
    {
        // A final answer is the error itself, whatever other servers answered before.
        if (last.IsFinal) return last.About(call.Key);

        AcmErrorKind kind = Common(call.Failures);
        return new AcmException(kind, $"{CallName.Of(call.Operation)} failed after {call.Failures.Count} tries. {Reasons(call)}", last)
        {
            Key = call.Key,
            Advice = last.Advice,
            OutcomeUnknown = IsOutcomeUnknown(call),
        };
    }

    /// <summary>Creates the error of a call that exceeded its total time-out.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cause">The exception that ended it.</param>
    /// <param name="wasUnderWay">Whether a request was in progress.</param>
    public static AcmException OutOfTime(ServerCall call, Exception cause, bool wasUnderWay)
    {
        string message = $"{CallName.Of(call.Operation)} did not succeed within {call.TotalTimeout.AsLimit()} in total. {Reasons(call)}".TrimEnd();
        AcmErrorKind kind = call.Failures.Count > 0 && (call.Failures.All(AnsweredWrongly) || call.Failures.All(failure => failure.Kind == AcmErrorKind.Throttled) || call.Failures.All(failure => failure.Kind == AcmErrorKind.AuthenticationFailed) || call.WaitsForLeader) ? Common(call.Failures) : AcmErrorKind.Timeout;
        return new AcmException(kind, message, cause) { Key = call.Key, OutcomeUnknown = wasUnderWay || IsOutcomeUnknown(call), Advice = call.Failures.LastOrDefault(failure => failure.WaitsForLeader)?.Advice };
    }

    private static bool IsOutcomeUnknown(ServerCall call) => call.Failures.Any(failure => failure.OutcomeUnknown);

    private static bool AnsweredWrongly(AcmException failure) => failure.Kind is AcmErrorKind.UntrustedServer or AcmErrorKind.InvalidResponse;

    private static AcmErrorKind Common(IReadOnlyList<AcmException> failures)
    {
        AcmErrorKind first = failures[0].Kind;
        if (failures.All(failure => failure.Kind == first)) return first;

        // Untrusted and invalid responses together are not "unreachable": no snapshot is used for them.
        return failures.All(AnsweredWrongly) ? AcmErrorKind.UntrustedServer : AcmErrorKind.ServerUnavailable;
    }

    private static string Reasons(ServerCall call) => string.Join(" ", call.Failures.Select(failure => failure.Message).Distinct(StringComparer.Ordinal));
}
