using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A push with a fixed body.</summary>
/// <param name="type">The simple name of the message type.</param>
/// <param name="wantsAcknowledgement">Whether the push is repeated until the client acknowledges it.</param>
/// <param name="writeMembers">Writes the members of the message type.</param>
internal sealed class FixedPush(string type, bool wantsAcknowledgement, Action<Utf8JsonWriter> writeMembers) : Push
{
    public override string Type => type;

    /// <summary>Gets the number of matched keys that the push carries; 0 if it does not belong to a fuzzy watch.</summary>
    public int Keys { get; init; }

    public override bool WantsAcknowledgement => wantsAcknowledgement;

    public override void WriteMembers(Utf8JsonWriter json) => writeMembers(json);
}
