using System.Text.Json;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Handles one type of request.</summary>
/// <param name="AnswerType">The simple name of the response type.</param>
/// <param name="Access">The right that the request needs.</param>
/// <param name="RunAsync">Handles the request and returns the framed response.</param>
internal sealed record GrpcHandler(string AnswerType, Access Access, Func<GrpcCall, ValueTask<byte[]>> RunAsync)
{
    /// <summary>Gets the namespaces of a request. Permissions are checked on exactly the namespaces that the handler reads.</summary>
    public required Func<GrpcCall, IEnumerable<string>> Namespaces { get; init; }

    /// <summary>Gets the check of a request's signature.</summary>
    public Func<SignatureCheck, GrpcCall, bool> IsSigned { get; init; } = static (check, call) => check.IsValid(Claim.Of(call.Headers), call["tenant"], call["group"]);

    /// <summary>Gets the check of the names, which comes first, as in Nacos.</summary>
    public Action<GrpcCall> CheckNames { get; init; } = static call => NameRules.FilterNames(call["dataId"], call["group"], call["tenant"]);

    /// <summary>Gets the writer of the members that the response has even in a failure; null if there are none.</summary>
    public Action<GrpcCall, Utf8JsonWriter>? MembersOfFailure { get; init; }
}
