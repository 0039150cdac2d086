namespace Acm.Client.Credentials;

/// <summary>Assumes a role with an OIDC token (STS AssumeRoleWithOIDC) instead of keys; the token is read anew each time.</summary>
internal sealed class OidcProvider(CredentialScope scope, OidcToken token, string providerArn, RoleRequest role) : ICredentialProvider
{
    public const string ProviderVariable = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";

    public string Name => "Oidc";

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> fields = role.Fields(scope);
        fields.Add(new("OIDCProviderArn", providerArn));
        fields.Add(new("OIDCToken", await token.ReadAsync(cancellationToken).ConfigureAwait(false)));
        return await role.AssumeAsync(scope, "AssumeRoleWithOIDC", fields, caller: null, cancellationToken).ConfigureAwait(false);
    }
}
