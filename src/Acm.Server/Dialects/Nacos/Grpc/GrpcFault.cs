namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>An error that fails a request with an error code.</summary>
/// <param name="code">The error code of Nacos.</param>
/// <param name="message">The error message.</param>
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

    /// <summary>Gets whether the response is an <c>ErrorResponse</c> instead of the response type of the request.</summary>
    public bool IsUntyped { get; init; }

    /// <summary>Converts an error of the HTTP API to its gRPC error code.</summary>
    public static GrpcFault From(FaultException fault) => fault.Fault switch
    {
        Fault.IllegalName => new GrpcFault(BadValue, "Param check invalid:" + fault.Message),
        Fault.BadValue => new GrpcFault(BadValue, fault.Message),
        Fault.Throttled => new GrpcFault(OverLimit, fault.Message),
        Fault.MissingParameter => new GrpcFault(ServerError, "Cannot invoke \"String.length()\" because \"str\" is null"),
        _ => new GrpcFault(ServerError, fault.Message),
    };

    /// <summary>Returns the error for a body that does not match its type.</summary>
    public static GrpcFault Unreadable() => new(NotUnderstood, "errCode: 101, errMsg: Nacos deserialize failed.  ") { IsUntyped = true };
}
