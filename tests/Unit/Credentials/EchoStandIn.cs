using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

/// <summary>An RPC service that returns the field <c>Text</c> for every operation.</summary>
internal sealed class EchoStandIn(string? madeOutTo = null) : RpcStandIn("2016-01-20", madeOutTo)
{
    protected override IReadOnlyCollection<string> SecretFields => ["Text", "SecurityToken"];

    protected override StandInReply Answer(RpcRequest request) => Json(("Text", request.Field("Text")));
}
