using System.Text;
using System.Text.Json;
using Acm.Client.Http;

namespace Acm.Client.CloudApi;

/// <summary>
/// An error response of an RPC service. Only its code and request ID are kept: the message may repeat what was sent, for example after a signature mismatch.
/// </summary>
internal sealed class RpcRefusal
{
    private const int MaxLength = 100;

    private RpcRefusal(RpcService service, string action, WireResponse response, string? code, string? requestId)
    {
        Service = service;
        Action = action;
        Status = response.Status;
        RetryAfter = response.RetryAfter;
        Code = code ?? "";
        RequestId = requestId ?? "";
    }

    public RpcService Service { get; }

    public string Action { get; }

    public int Status { get; }

    /// <summary>Gets the delay that the service requests; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Gets the error code, such as <c>Forbidden.KeyNotFound</c>; empty if absent.</summary>
    public string Code { get; }

    /// <summary>Gets the request ID for Alibaba Cloud support; empty if absent.</summary>
    public string RequestId { get; }

    /// <summary>Gets whether the service throttled the request.</summary>
    public bool IsThrottling => Code.StartsWith("Throttling", StringComparison.Ordinal) || Code == "Rejected.Throttling" || Status == 429;

    /// <summary>Gets whether the error is transient.</summary>
    public bool IsPassing => IsThrottling || Code is "InternalFailure" or "InternalError" or "ServiceUnavailable" or "ServiceUnavailableTemporary" || Status >= 500;

    /// <summary>Gets whether the service rejected the time stamp.</summary>
    public bool IsAboutTime => Code is "IllegalTimestamp" || Code.StartsWith("InvalidTimeStamp", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether the nonce was already used, by an earlier try whose response was lost.</summary>
    public bool IsAboutNonce => Code == "SignatureNonceUsed";

    /// <summary>Gets whether the access key, secret key or token is invalid or expired.</summary>
    public bool IsAboutCredential =>
        Code is "SignatureDoesNotMatch" or "IncompleteSignature" or "MissingSecurityToken" or "MissingAccessKeyId" || Code.StartsWith("InvalidAccessKey", StringComparison.Ordinal) || IsAboutToken;

    /// <summary>Gets whether the security token is invalid or expired: new credentials may help.</summary>
    public bool IsAboutToken => Code.StartsWith("InvalidSecurityToken", StringComparison.Ordinal);

    /// <summary>Gets the description of the refusal with code, status and request ID.</summary>
    public string Text
    {
        get
        {
            string code = Code.Length > 0 ? $"{Code}, HTTP {Status}" : $"HTTP {Status}";
            return $"{Service.Name} at {Service.Address} refused {Action} ({code}{(RequestId.Length > 0 ? $", request id {RequestId}" : "")})";
        }
    }

    /// <summary>Reads a JSON error, or the XML error of a gateway; anything else is a refusal without a code.</summary>
    public static RpcRefusal Read(RpcService service, string action, WireResponse response)
    {
        (string? code, string? requestId) = FromJson(response.Body) ?? FromXml(response.Body);
        return new RpcRefusal(service, action, response, code, requestId);
    }

    /// <summary>Maps the refusal to an error by rules common to all services.</summary>
    public AcmException ToError() => this switch
    {
        { IsThrottling: true } => Error(AcmErrorKind.Throttled, $"{Service.Name} throttled the request.", "Wait, or send fewer requests at once."),
        { IsPassing: true } => Error(AcmErrorKind.ServerUnavailable, null, "Try again later."),
        { IsAboutTime: true } => Error(AcmErrorKind.AuthenticationFailed, "The clock of this computer is wrong.", "Synchronize the clock (NTP)."),
        { IsAboutToken: true } => Error(AcmErrorKind.AuthenticationFailed, null, "The security token has expired or is not valid. Get new temporary credentials."),
        { IsAboutCredential: true } => Error(AcmErrorKind.AuthenticationFailed, null, "Check the access key ID and the secret key."),
        _ when Code.IndexOf("NoPermission", StringComparison.Ordinal) >= 0 || Code.StartsWith("Forbidden", StringComparison.Ordinal) || (Code.Length == 0 && Status == 403) =>
            Error(AcmErrorKind.AccessDenied, null, $"Grant the access key or role the right to {Action} of {Service.Name}."),
        { Status: >= 300 and < 400 } => Error(AcmErrorKind.InvalidResponse, "The service does not redirect: a proxy or a login page may be in between.", $"Check the {Service.Name} endpoint and the proxy."),
        { Code.Length: 0 } => Error(AcmErrorKind.InvalidResponse, "The response did not come from this service, but from a proxy or another service.", $"Check the {Service.Name} endpoint and the proxy."),
        _ => Error(AcmErrorKind.InvalidResponse, null, $"See the code in Alibaba Cloud's list of {Service.Name} errors."),
    };

    /// <summary>Creates an error of the given kind. The code decides whether it is retried.</summary>
    public AcmException Error(AcmErrorKind kind, string? more, string? advice, string? option = null) =>
        new(kind, more is null ? Text + "." : $"{Text}. {more}") { Advice = advice, Option = option, IsFinal = !IsPassing, RetryAfter = IsPassing ? RetryAfter : null };

    private static (string? Code, string? RequestId)? FromJson(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (Clean(RpcAnswer.Text(document.RootElement, "Code")), Clean(RpcAnswer.Text(document.RootElement, "RequestId"))) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Finds the two elements by text search: the response may come from anywhere, so no XML parser runs on it.</summary>
    private static (string? Code, string? RequestId) FromXml(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4096));
        return (Element(text, "Code"), Element(text, "RequestId"));
    }

    private static string? Element(string text, string name)
    {
        int start = text.IndexOf($"<{name}>", StringComparison.Ordinal);
        if (start < 0) return null;

        start += name.Length + 2;
        int end = text.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : Clean(text.Substring(start, end - start));
    }

    /// <summary>Returns a code or an ID if it consists of the expected characters only; otherwise null.</summary>
    private static string? Clean(string? text) =>
        text is { Length: > 0 and <= MaxLength } && text.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '-' or '_') ? text : null;
}
