using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A push that is sent as it was made.</summary>
/// <param name="type">The simple name of its type.</param>
/// <param name="wantsAcknowledgement">Whether it is sent again until the client has acknowledged it.</param>
/// <param name="writeMembers">Writes what its type has.</param>
internal sealed class FixedPush(string type, bool wantsAcknowledgement, Action<Utf8JsonWriter> writeMembers) : Push
{
    public override string Type => type;

    /// <summary>How many keys it holds for a pattern.</summary>
    public int Keys { get; init; }

    public override bool WantsAcknowledgement => wantsAcknowledgement;

    public override void WriteMembers(Utf8JsonWriter json) => writeMembers(json);
}
