using Acm.Client.Calls;

namespace Acm.Client.Servers;

/// <summary>What a call was about to do, as the beginning of a sentence that says how it ended.</summary>
internal static class CallName
{
    public static string Of(ServerCall call) => call.Kind switch
    {
        CallKind.Address => $"Asking for {call.Subject}",
        CallKind.List => $"Reading {call.Subject}",
        CallKind.Publish => $"Publishing '{call.Subject}'",
        CallKind.Remove => $"Removing '{call.Subject}'",
        CallKind.Probe => $"Comparing {call.Subject}",
        CallKind.BatchGet => $"Reading {call.Subject}",
        _ => $"Reading '{call.Subject}'",
    };
}
