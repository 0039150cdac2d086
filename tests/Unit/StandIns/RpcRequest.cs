namespace Acm.Tests.StandIns;

/// <summary>One call as an RPC stand-in took it.</summary>
/// <param name="Action">The operation.</param>
/// <param name="Fields">The parameters of the query and the form.</param>
/// <param name="Query">The query as received, which may appear in logs.</param>
internal sealed record RpcRequest(string Action, IReadOnlyDictionary<string, string> Fields, string Query)
{
    public string Field(string name) => Fields.GetValueOrDefault(name, "");
}
