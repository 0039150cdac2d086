using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The token of a login. <see cref="ToString"/> does not reveal it.</summary>
/// <param name="text">The token.</param>
/// <param name="renewAt">When the last tenth of its lifetime begins.</param>
internal sealed class NacosToken(string text, DateTimeOffset renewAt) : RequestProof
{
    public DateTimeOffset RenewAt => renewAt;

    /// <summary>Gets the token, for transports other than HTTP. A secret.</summary>
    public string Value => text;

    public override void ApplyTo(HttpRequestMessage message, WireRequest request) => message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + text);

    public override string ToString() => "the login";
}
