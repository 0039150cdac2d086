using Acm.Client.Text;

namespace Acm.Client.Servers;

/// <summary>The one error of a call that failed with every server: its kind is what the servers have in common.</summary>
internal static class CallFailure
{
    public static AcmException AfterAllTries(ServerCall call, AcmException last)
    {
        // An answer that settles the call is the error itself, whatever others said before.
        if (last.IsFinal) return last.About(call.Key);

        AcmErrorKind kind = Common(call.Failures);
        return new AcmException(kind, $"{CallName.Of(call.Operation)} failed after {call.Failures.Count} tries. {Reasons(call)}", last)
        {
            Key = call.Key,
            Advice = last.Advice,
            OutcomeUnknown = IsOutcomeUnknown(call),
        };
    }

    /// <summary>The error of a call whose time ended.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cause">What it waited for.</param>
    /// <param name="wasUnderWay">Whether a server was asked at that moment.</param>
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

        // Two ways of answering wrongly are not the same as not answering: no snapshot stands in for them.
        return failures.All(AnsweredWrongly) ? AcmErrorKind.UntrustedServer : AcmErrorKind.ServerUnavailable;
    }

    private static string Reasons(ServerCall call) => string.Join(" ", call.Failures.Select(failure => failure.Message).Distinct(StringComparer.Ordinal));
}
