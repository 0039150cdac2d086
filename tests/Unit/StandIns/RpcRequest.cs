namespace Acm.Tests.StandIns;

/// <summary>One call as an RPC stand-in took it.</summary>
/// <param name="Action">The operation.</param>
/// <param name="Fields">Every parameter, of query and form.</param>
/// <param name="Query">The query as it came, which logs on the way may hold.</param>
internal sealed record RpcRequest(string Action, IReadOnlyDictionary<string, string> Fields, string Query)
{
    public string Field(string name) => Fields.GetValueOrDefault(name, "");
}
