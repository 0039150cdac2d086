namespace Acm.Client.Servers;

/// <summary>The one error of a call that failed with every server: its kind is what the servers have in common.</summary>
internal static class CallFailure
{
    public static AcmException AfterAllTries(ServerCall call, AcmException last)
    {
        // An answer that settles the call is the error itself, whatever others said before.
        if (last.IsFinal) return last.About(call.Key);

        AcmErrorKind kind = Common(call.Failures);
        return new AcmException(kind, $"{call.Kind} of {call.Subject} failed after {call.Failures.Count} tries. {Reasons(call)}", last)
        {
            Key = call.Key,
            Advice = last.Advice,
        };
    }

    public static AcmException OutOfTime(ServerCall call, Exception cause)
    {
        string message = $"{call.Kind} of {call.Subject} did not succeed within {call.TotalTimeout.TotalSeconds:0.###} s in all. {Reasons(call)}".TrimEnd();
        return new AcmException(AcmErrorKind.Timeout, message, cause) { Key = call.Key };
    }

    private static AcmErrorKind Common(IReadOnlyList<AcmException> failures)
    {
        AcmErrorKind first = failures[0].Kind;
        return failures.All(failure => failure.Kind == first) ? first : AcmErrorKind.ServerUnavailable;
    }

    private static string Reasons(ServerCall call) => string.Join(" ", call.Failures.Select(failure => failure.Message).Distinct(StringComparer.Ordinal));
}
