namespace Acm.Client.CloudApi;

/// <summary>One operation of an RPC service.</summary>
internal sealed class RpcCall
{
    public required string Action { get; init; }

    /// <summary>Gets the parameters of the operation. They are sent in the body, because they may be secret and addresses are logged.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>Gets the credentials that sign the call; null for an unsigned operation.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>Gets the mapping from a refusal to an error; null, or a result of null, for the default mapping.</summary>
    public Func<RpcRefusal, AcmException?>? OnRefusal { get; init; }
}
