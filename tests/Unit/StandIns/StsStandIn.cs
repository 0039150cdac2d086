using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Acm.Tests.StandIns;

/// <summary>STS on loopback: roles, who may assume them, and OIDC tokens. Knows the credentials that it handed out, so that they may assume further roles.</summary>
internal sealed partial class StsStandIn() : RpcStandIn("2015-04-01")
{
    public const string RoleArn = "acs:ram::1234567890123456:role/acm-reader";
    public const string ProviderArn = "acs:ram::1234567890123456:oidc-provider/github";

    /// <summary>The roles that exist, with the longest session each allows, in seconds.</summary>
    public Dictionary<string, int> Roles { get; } = new(StringComparer.Ordinal) { [RoleArn] = 3600 };

    /// <summary>Access keys that may assume no role.</summary>
    public HashSet<string> Forbidden { get; } = new(StringComparer.Ordinal);

    /// <summary>The OIDC token that is good now.</summary>
    public string OidcToken { get; set; } = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

    /// <summary>How long credentials live, whatever was asked for; null for what was.</summary>
    public TimeSpan? Lifetime { get; set; }

    public IssuedCredentials Issued { get; init; } = new();

    protected override IReadOnlyCollection<string> SecretFields => ["SecurityToken", "OIDCToken"];

    protected override bool IsUnsigned(string action) => action == "AssumeRoleWithOIDC";

    protected override StandInReply Answer(RpcRequest request) => request.Action switch
    {
        "AssumeRole" => Forbidden.Contains(request.Field("AccessKeyId")) ? Error(403, "NoPermission") : Check(request) ?? Assume(request),
        "AssumeRoleWithOIDC" =>
            request.Field("OIDCProviderArn") != ProviderArn ? Error(404, "AuthenticationFail.OIDCProvider.NotExist")
            : request.Field("OIDCToken") != OidcToken ? Error(400, "AuthenticationFail.OIDCToken.Invalid", "The token " + request.Field("OIDCToken") + " is invalid.")
            : Check(request) ?? Assume(request),
        _ => Error(404, "InvalidAction.NotFound"),
    };

    private StandInReply? Check(RpcRequest request)
    {
        if (!Roles.TryGetValue(request.Field("RoleArn"), out int longest)) return Error(404, "EntityNotExist.Role");
        if (!SessionName().IsMatch(request.Field("RoleSessionName"))) return Error(400, "InvalidParameter.RoleSessionName");
        if (!int.TryParse(request.Field("DurationSeconds"), CultureInfo.InvariantCulture, out int duration) || duration < 900 || duration > longest) return Error(400, "InvalidParameter.DurationSeconds");
        return request.Field("Policy").Length > 2048 ? Error(400, "InvalidParameter.PolicyGrammar") : null;
    }

    private StandInReply Assume(RpcRequest request)
    {
        JsonObject credentials = Issued.Issue(Clock.GetUtcNow(), Lifetime ?? TimeSpan.FromSeconds(int.Parse(request.Field("DurationSeconds"), CultureInfo.InvariantCulture)));
        AccessKeys[(string)credentials["AccessKeyId"]!] = ((string)credentials["AccessKeySecret"]!, (string)credentials["SecurityToken"]!);
        return Json(
            ("AssumedRoleUser", new JsonObject { ["AssumedRoleId"] = "34458433936495****:" + request.Field("RoleSessionName"), ["Arn"] = request.Field("RoleArn") + "/" + request.Field("RoleSessionName") }),
            ("Credentials", credentials));
    }

    [GeneratedRegex("^[a-zA-Z0-9.@_-]{2,64}$")]
    private static partial Regex SessionName();
}
