using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>Names a call as the subject of an error message.</summary>
internal static class CallName
{
    public static string Of(ServerOperation operation) => operation.Kind switch
    {
        CallKind.Address => $"Asking for {operation.Subject}",
        CallKind.List => $"Reading {operation.Subject}",
        CallKind.Publish => $"Publishing '{operation.Subject}'",
        CallKind.Remove => $"Removing '{operation.Subject}'",
        CallKind.Probe => $"Comparing {operation.Subject}",
        CallKind.BatchGet => $"Reading {operation.Subject}",
        _ => $"Reading '{operation.Subject}'",
    };
}
