using System.Text;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Maps error responses (suzuizui/diamond f9a4891, a public copy of the server; alibaba/nacos 1.0.0) to exceptions.</summary>
internal static class DiamondErrors
{
    private const int MaxReasonLength = 120;

    /// <summary>The content limit of the hosted service. It is not enforced by the client, because private servers may accept more.</summary>
    private const int HostedContentLimit = 102400;

    public static AcmException For(WireResponse response, string @namespace, string what, ConfigKey? key, int contentLength = 0)
    {
        string where = Where(@namespace, key);
        return response.Status switch
        {
            400 when Says(response, "too large") => Final(AcmErrorKind.ContentTooLarge, $"{what}{where} failed: {response.Server} refused content of {contentLength} bytes{Reason(response)}.", key, "Split the configuration, or raise the server's limit."),
            400 when contentLength > HostedContentLimit => Final(AcmErrorKind.ContentTooLarge, $"{what}{where} failed: {response.Server} refused content of {contentLength} bytes{Reason(response)}.", key, $"The hosted service takes at most {HostedContentLimit} bytes. Split the configuration."),
            400 when Says(response, "invalid content") => Final(AcmErrorKind.InvalidContent, $"{what}{where} failed: {response.Server} refused the content{Reason(response)}.", key, "Servers do not store content that is empty or only white space."),
            400 => Final(AcmErrorKind.InvalidKey, $"{what}{where} failed: {response.Server} rejected the request as invalid{Reason(response)}.", key, null),
            401 => Final(AcmErrorKind.AuthenticationFailed, $"{what}{where} failed: {response.Server} requires credentials (401).", key, "Connect with an access key and a secret key."),
            403 when response.Proof is null => Final(AcmErrorKind.AccessDenied, $"{what}{where} was denied by {response.Server}. The request was not signed: this connection has no credentials.", key, "Connect with an access key and a secret key, or with a credential source.", nameof(AcmClientOptions.CredentialSource)),
            403 => Final(AcmErrorKind.AccessDenied, $"{what}{where} was denied by {response.Server}.", key, "The access key may be unknown, the secret key wrong, the right to this configuration missing, or the clock of this computer more than 60 s off: a connection test shows which."),
            404 or 405 or 410 or 501 => Final(AcmErrorKind.CapabilityMissing, $"{what}{where} failed: {response.Server} does not know this call ({response.Status}). Is it an ACM server?", key, null),
            407 => Final(AcmErrorKind.ServerUnavailable, $"{what}{where} failed: the proxy in front of {response.Server} requires credentials (407).", key, "Connect with the credentials of the proxy, or exclude the server with NO_PROXY.", nameof(AcmClientOptions.Proxy)),
            409 => Final(AcmErrorKind.Conflict, $"{what}{where} failed: {ChangesNow(response)}", key, "Read it again before you change it."),
            413 => Final(AcmErrorKind.ContentTooLarge, $"{what}{where} failed: content of {contentLength} bytes exceeds the limit of {response.Server} (413).", key, "Split the configuration."),
            429 => Next(AcmErrorKind.Throttled, $"{what}{where} failed: {response.Server} throttled the request (HTTP 429).", key, retryAfter: response.RetryAfter),
            503 when Says(response, "refused") => Next(AcmErrorKind.Throttled, $"{what}{where} failed: {response.Server} is overloaded and refused the request (503).", key, retryAfter: response.RetryAfter),
            >= 500 => Next(AcmErrorKind.ServerUnavailable, $"{what}{where} failed: {response.Server} answered with a server error ({response.Status}).", key, outcomeUnknown: true, retryAfter: response.Status == 503 ? response.RetryAfter : null),
            >= 300 and < 400 => Next(AcmErrorKind.InvalidResponse, $"{what}{where} failed: {response.Server} answered with a redirect ({response.Status}), which an ACM server never does. A proxy or a login page may be in between.", key, outcomeUnknown: true),
            >= 400 => Final(AcmErrorKind.InvalidResponse, $"{what}{where} failed: {response.Server} answered {response.Status}, which is not part of the protocol.", key, null),
            _ => Next(AcmErrorKind.InvalidResponse, $"{what}{where} failed: {response.Server} returned HTTP status {response.Status} instead of 200.", key, outcomeUnknown: true),
        };
    }

    /// <summary>Returns the error for a read of a configuration that is being written; the read is retried.</summary>
    public static AcmException Busy(WireResponse response, string @namespace, ConfigKey key) =>
        new(AcmErrorKind.Conflict, $"Reading{Where(@namespace, key)} failed: {ChangesNow(response)}") { Key = key, Advice = "Try again later.", IsFinal = true, IsBusy = true };

    public static AcmException Garbled(WireResponse response, string problem, ConfigKey? key = null, bool outcomeUnknown = false) =>
        Next(AcmErrorKind.InvalidResponse, $"The answer of {response.Server}{(key is null ? "" : $" for '{key}'")} can't be used: {problem}.", key, outcomeUnknown);

    private static string Where(string @namespace, ConfigKey? key) =>
        key is null ? $" {NamespaceName.Describe(@namespace)}" : $" '{key}' in {NamespaceName.Describe(@namespace)}";

    private static string ChangesNow(WireResponse response) => $"{response.Server} reports that the configuration is being changed by another request.";

    private static AcmException Final(AcmErrorKind kind, string message, ConfigKey? key, string? advice, string? option = null) =>
        new(kind, message) { Key = key, Advice = advice, Option = option, IsFinal = true };

    /// <param name="kind">The kind of failure.</param>
    /// <param name="message">The message.</param>
    /// <param name="key">The configuration; null for none in particular.</param>
    /// <param name="outcomeUnknown">Whether the server may have stored what it was sent: after an internal error, or if a gateway lost the response.</param>
    /// <param name="retryAfter">The delay that the server requests; null for none.</param>
    private static AcmException Next(AcmErrorKind kind, string message, ConfigKey? key, bool outcomeUnknown = false, TimeSpan? retryAfter = null) =>
        new(kind, message) { Key = key, OutcomeUnknown = outcomeUnknown, RetryAfter = retryAfter };

    private static bool Says(WireResponse response, string words) => Text(response).IndexOf(words, StringComparison.OrdinalIgnoreCase) >= 0;

    private static string Reason(WireResponse response)
    {
        string text = Text(response);
        return text.Length == 0 || text[0] == '<' ? "" : $" ('{text}')";
    }

    /// <summary>Returns the start of the body on one line. Error bodies contain a reason, never content.</summary>
    private static string Text(WireResponse response) =>
        ForeignText.Clean(Encoding.UTF8.GetString(response.Body, 0, Math.Min(response.Body.Length, 4 * ForeignText.MaxLength)), MaxReasonLength).Trim();
}
