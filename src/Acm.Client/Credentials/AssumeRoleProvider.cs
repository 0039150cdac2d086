namespace Acm.Client.Credentials;

/// <summary>Assumes a role with other credentials (STS AssumeRole). Those are requested anew each time, because they may be temporary.</summary>
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
