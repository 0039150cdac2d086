using System.Text.Json;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>One type of request: what it does, and who answers it.</summary>
/// <param name="AnswerType">The simple name of its answer's type.</param>
/// <param name="Access">What it does, for who checks rights.</param>
/// <param name="RunAsync">Answers it.</param>
internal sealed record GrpcHandler(string AnswerType, Access Access, Func<GrpcCall, ValueTask<byte[]>> RunAsync)
{
    /// <summary>The namespaces that it names. Rights are checked on what the handler reads, and on nothing else.</summary>
    public required Func<GrpcCall, IEnumerable<string>> Namespaces { get; init; }

    /// <summary>Whether a signature that a request carries is valid.</summary>
    public Func<SignatureCheck, GrpcCall, bool> IsSigned { get; init; } = static (check, call) => check.IsValid(Claim.Of(call.Headers), call["tenant"], call["group"]);

    /// <summary>Looks at the names first, as the real servers do.</summary>
    public Action<GrpcCall> CheckNames { get; init; } = static call => NameRules.FilterNames(call["dataId"], call["group"], call["tenant"]);

    /// <summary>What its answers have in any case.</summary>
    public Action<GrpcCall, Utf8JsonWriter>? MembersOfFailure { get; init; }
}
