using Acm.Client.CloudApi;

namespace Acm.Client.Credentials;

/// <summary>What a refusal of STS means beyond what its code means with every service: most are about a role that does not trust who asks.</summary>
internal static class StsRefusal
{
    /// <summary>The error that a refusal is; null for what its code means with every service.</summary>
    public static AcmException? Explain(RpcRefusal refusal) => refusal.Code switch
    {
        { } code when code.StartsWith("AuthenticationFail", StringComparison.Ordinal) => refusal.Error(
            AcmErrorKind.AuthenticationFailed,
            null,
            "The token is too old, or the role does not trust it: compare its issuer and audience with the OIDC provider in RAM, and its subject with the conditions of the role's trust policy."),
        { } code when code.StartsWith("EntityNotExist", StringComparison.Ordinal) => refusal.Error(
            AcmErrorKind.AuthenticationFailed, "What was named does not exist.", "Check the ARN of the role (-RoleArn) and of the OIDC provider: the account's number, and the name."),
        "NoPermission" => refusal.Error(
            AcmErrorKind.AccessDenied, null, $"Give the caller the right to STS's {refusal.Action}, and have the role's trust policy name the caller."),
        _ => null,
    };
}
