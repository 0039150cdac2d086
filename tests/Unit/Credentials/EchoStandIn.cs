using Acm.Tests.StandIns;

namespace Acm.Tests.Credentials;

/// <summary>An RPC service that answers every operation with the field <c>Text</c>.</summary>
internal sealed class EchoStandIn(string? madeOutTo = null) : RpcStandIn("2016-01-20", madeOutTo)
{
    protected override IReadOnlyCollection<string> SecretFields => ["Text", "SecurityToken"];

    protected override StandInReply Answer(RpcRequest request) => Json(("Text", request.Field("Text")));
}
