namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Ends a request with an error code.</summary>
/// <param name="code">As the real servers number it.</param>
/// <param name="message">What is wrong.</param>
internal sealed class GrpcFault(int code, string message) : Exception(message)
{
    public const int Unregistered = 301;
    public const int NoHandler = 302;
    public const int BadValue = 400;
    public const int Denied = 403;
    public const int ServerError = 500;
    public const int NotUnderstood = 502;
    public const int OverLimit = 503;
    public const int TooManyPatterns = 50310;
    public const int TooManyMatches = 50311;

    public int Code { get; } = code;

    /// <summary>Answers with an error that has no type of its own, where the type of the request's answer would do.</summary>
    public bool IsUntyped { get; init; }

    /// <summary>What the calls over HTTP refuse, in the numbers of this one.</summary>
    public static GrpcFault From(FaultException fault) => fault.Fault switch
    {
        Fault.IllegalName => new GrpcFault(BadValue, "Param check invalid:" + fault.Message),
        Fault.BadValue => new GrpcFault(BadValue, fault.Message),
        Fault.Throttled => new GrpcFault(OverLimit, fault.Message),
        Fault.MissingParameter => new GrpcFault(ServerError, "Cannot invoke \"String.length()\" because \"str\" is null"),
        _ => new GrpcFault(ServerError, fault.Message),
    };

    /// <summary>The body is not what its type says.</summary>
    public static GrpcFault Unreadable() => new(NotUnderstood, "errCode: 101, errMsg: Nacos deserialize failed.  ") { IsUntyped = true };
}
