using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>What a login gave. Its text form shows no secret.</summary>
/// <param name="text">The token.</param>
/// <param name="renewAt">When the last tenth of its life begins.</param>
internal sealed class NacosToken(string text, DateTimeOffset renewAt) : RequestProof
{
    public DateTimeOffset RenewAt => renewAt;

    /// <summary>The token, for what travels over another transport than HTTP. A secret.</summary>
    public string Value => text;

    public override void ApplyTo(HttpRequestMessage message, WireRequest request) => message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + text);

    public override string ToString() => "the login";
}
