namespace Acm.Client.Credentials;

/// <summary>
/// The default chain, in the order of aliyun/credentials-java: the first provider with credentials is used from then on. The metadata service is included only if a
/// role is named, because elsewhere asking it takes seconds.
/// </summary>
internal sealed class DefaultChain(CredentialScope scope) : ICredentialProvider
{
    private volatile ICredentialProvider? _chosen;

    public string Name => _chosen is { } chosen ? $"Default ({chosen.Name})" : "Default";

    public async Task<AcmCredential> FetchAsync(CancellationToken cancellationToken)
    {
        if (_chosen is { } chosen) return await chosen.FetchAsync(cancellationToken).ConfigureAwait(false);

        var reasons = new List<string>();
        Exception? last = null;
        foreach ((string name, Func<ICredentialProvider> provider) in Order())
        {
            try
            {
                ICredentialProvider candidate = provider();
                AcmCredential credential = await candidate.FetchAsync(cancellationToken).ConfigureAwait(false);
                _chosen = candidate;
                return credential;
            }
            catch (AcmException e)
            {
                reasons.Add($"{name}: {e.Message}");
                last = e;
            }
        }

        throw CredentialErrors.None(string.Join(" ", reasons), "Set the environment variables of one of these sources, or specify a source.", last);
    }

    private IEnumerable<(string Name, Func<ICredentialProvider> Provider)> Order()
    {
        yield return ("Environment", () => new EnvironmentProvider(scope));
        yield return ("Oidc", Oidc);
        yield return ("CliProfile", CliProfile);
        yield return ("CredentialsFile", () => new CredentialsFileProvider(scope));
        yield return ("RamRole", RamRole);
        yield return ("CredentialsUri", () => new CredentialsUriProvider(scope));
    }

    private OidcProvider Oidc()
    {
        string[] missing = [.. new[] { RoleRequest.ArnVariable, OidcProvider.ProviderVariable, OidcToken.FileVariable }.Where(name => scope.Variable(name) is null)];
        if (missing.Length > 0) throw CredentialErrors.None($"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} not set.");

        return new OidcProvider(scope, new OidcToken(scope, file: null), scope.Variable(OidcProvider.ProviderVariable)!, new RoleRequest { RoleArn = scope.Variable(RoleRequest.ArnVariable)! });
    }

    private CliProfileProvider CliProfile() =>
        scope.Flag("ALIBABA_CLOUD_CLI_PROFILE_DISABLED")
            ? throw CredentialErrors.None("It is disabled: ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true.")
            : new CliProfileProvider(scope, scope.Options.ProfileName);

    private RamRoleProvider RamRole() =>
        scope.Options.RamRoleName is null && scope.Variable(RamRoleProvider.RoleVariable) is null
            ? throw CredentialErrors.None($"It is not used: neither is a role name specified nor is {RamRoleProvider.RoleVariable} set.")
            : new RamRoleProvider(scope, scope.Options.RamRoleName);
}
