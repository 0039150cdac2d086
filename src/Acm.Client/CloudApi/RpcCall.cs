namespace Acm.Client.CloudApi;

/// <summary>One operation of an RPC service.</summary>
internal sealed class RpcCall
{
    public required string Action { get; init; }

    /// <summary>What the operation takes. Sent in the body, because addresses end up in logs and these may be secrets.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>What signs the call; null for an operation that takes no signature.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>The error that a refusal is; null, or an answer of null, for what the code means with every service.</summary>
    public Func<RpcRefusal, AcmException?>? OnRefusal { get; init; }
}
