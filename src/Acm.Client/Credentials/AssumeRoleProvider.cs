using Acm.Client.CloudApi;

namespace Acm.Client.Credentials;

/// <summary>A role that other credentials may assume (STS AssumeRole, reference section 5). Those are asked for anew each time: they may be temporary themselves.</summary>
internal sealed class AssumeRoleProvider(CredentialScope scope, ICredentialProvider caller, RoleRequest role) : ICredentialProvider
{
    private const string Action = "AssumeRole";

    public string Name => "AssumeRole";

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> fields = role.Fields(scope);
        if (role.ExternalId is { Length: > 0 } external) fields.Add(new("ExternalId", external));
        var call = new RpcCall { Action = Action, Fields = fields, Credential = await caller.FetchAsync(cancellationToken).ConfigureAwait(false), OnRefusal = StsRefusal.Explain };
        using RpcAnswer answer = await scope.StsAsync(call, role.StsRegion, role.Vpc, cancellationToken).ConfigureAwait(false);
        return StsAnswer.Read(answer, Action, scope.Clock);
    }
}
