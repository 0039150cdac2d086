namespace Acm.Client.Credentials;

/// <summary>A role that other credentials may assume (STS AssumeRole, reference section 5). Those are asked for anew each time: they may be temporary themselves.</summary>
internal sealed class AssumeRoleProvider(CredentialScope scope, ICredentialProvider caller, RoleRequest role) : ICredentialProvider
{
    public string Name => "AssumeRole";

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> fields = role.Fields(scope);
        if (role.ExternalId is { Length: > 0 } external) fields.Add(new("ExternalId", external));
        return await role.AssumeAsync(scope, "AssumeRole", fields, await caller.FetchAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }
}
