using System.Globalization;
using System.Text.Json;
using Acm.Client.CloudApi;
using Acm.Client.Text;

namespace Acm.Client.Credentials;

/// <summary>The role to assume.</summary>
internal sealed record RoleRequest
{
    public const string ArnVariable = "ALIBABA_CLOUD_ROLE_ARN";

    private const string SessionVariable = "ALIBABA_CLOUD_ROLE_SESSION_NAME";
    private const string DefaultSession = "acm-client";
    private const string ArnStart = "acs:ram::";
    private const int ShortestDuration = 900;

    public required string RoleArn { get; init; }

    public string? SessionName { get; init; }

    /// <summary>Gets the requested lifetime in seconds, at least 900. Every role allows one hour.</summary>
    public int DurationSeconds { get; init; } = 3600;

    /// <summary>Gets a policy in JSON that restricts the role's permissions; null for none.</summary>
    public string? Policy { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Gets the region of STS; null for the central endpoint.</summary>
    public string? StsRegion { get; init; }

    /// <summary>Gets whether to use the VPC endpoint of STS.</summary>
    public bool Vpc { get; init; }

    /// <summary>Returns the parameters that both operations share.</summary>
    public List<KeyValuePair<string, string>> Fields(CredentialScope scope)
    {
        if (!IsRoleArn(RoleArn)) throw CredentialErrors.None(NoRoleArn(RoleArn));

        string session = SessionName ?? scope.Variable(SessionVariable) ?? DefaultSession;
        if (!IsSessionName(session)) throw CredentialErrors.None(NoSessionName(session));

        List<KeyValuePair<string, string>> fields =
        [
            new("RoleArn", RoleArn),
            new("RoleSessionName", session),
            new("DurationSeconds", Math.Max(ShortestDuration, DurationSeconds).ToString(CultureInfo.InvariantCulture)),
        ];
        if (Policy is { Length: > 0 }) fields.Add(new("Policy", Policy));
        return fields;
    }

    /// <summary>Assumes the role.</summary>
    /// <param name="scope">Provides access to STS.</param>
    /// <param name="action">The operation.</param>
    /// <param name="fields">All parameters.</param>
    /// <param name="caller">The credentials that assume the role; null if a token is used.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<AcmCredential> AssumeAsync(CredentialScope scope, string action, List<KeyValuePair<string, string>> fields, AcmCredential? caller, CancellationToken cancellationToken)
    {
        var call = new RpcCall { Action = action, Fields = fields, Credential = caller, OnRefusal = Explain };
        using RpcAnswer answer = await scope.StsAsync(call, StsRegion, Vpc, cancellationToken).ConfigureAwait(false);
        return JsonText.TryGet(answer.Root, "Credentials", out JsonElement credentials) && credentials.ValueKind == JsonValueKind.Object
            ? CredentialJson.Read(credentials, answer.Date, scope.Clock, $"STS's answer to {action}")
            : throw answer.Lacks("Credentials");
    }

    /// <summary>Maps a refusal of STS to an error, mostly about a role that does not trust the caller; null for the default mapping.</summary>
    private static AcmException? Explain(RpcRefusal refusal) => refusal.Code switch
    {
        { } code when code.StartsWith("AuthenticationFail", StringComparison.Ordinal) => refusal.Error(
            AcmErrorKind.AuthenticationFailed,
            null,
            "The token is too old, or the role does not trust it: compare its issuer and audience with the OIDC provider in RAM, and its subject with the conditions of the role's trust policy."),
        { } code when code.StartsWith("EntityNotExist", StringComparison.Ordinal) => refusal.Error(
            AcmErrorKind.AuthenticationFailed, "The role or the OIDC provider does not exist.", "Check the ARN of the role and of the OIDC provider: the account's number, and the name.", nameof(CredentialSourceOptions.RoleArn)),
        "NoPermission" => refusal.Error(
            AcmErrorKind.AccessDenied, null, $"Grant the caller the right to {refusal.Action} of STS, and add the caller to the trust policy of the role."),
        _ => null,
    };

    public static bool IsRoleArn(string text) => text.StartsWith(ArnStart, StringComparison.Ordinal) && text.IndexOf(":role/", StringComparison.Ordinal) > 0;

    public static string NoRoleArn(string text) => $"'{text}' is not a valid role ARN, such as acs:ram::1234567890123456:role/name.";

    public static bool IsSessionName(string text) =>
        text.Length is >= 2 and <= 64 && text.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '@' or '-' or '_');

    public static string NoSessionName(string text) => $"'{text}' is not a valid role session name: 2 to 64 letters, digits or .@-_ are allowed.";
}
