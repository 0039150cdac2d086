using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>
/// Saves connection settings under a name. In an existing profile, only the specified settings change. The connection is then tested; if the test
/// fails, the profile is kept and a warning is written.
/// </summary>
[Cmdlet(VerbsCommon.Add, "AcmProfile", SupportsShouldProcess = true, DefaultParameterSetName = KeySet)]
[OutputType(typeof(AcmProfile))]
public sealed class AddAcmProfileCommand : ConnectionCmdlet
{
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";

    /// <summary>Name of the profile, case-sensitive and without a colon. Defaults to the namespace, or to endpoint-namespace if that name is in use.</summary>
    [Parameter(Position = 0)]
    [Alias("Alias")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Address server as host, host:port or URI, or with -Direct one or more data servers. Required for a new profile, unless -Server is specified.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Endpoint { get; set; } = [];

    /// <summary>One or more servers as host, host:port or URI, with the context path if it is not the default. Nacos or ACM is detected.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Server { get; set; } = [];

    /// <summary>Namespace ID. An empty string, <c>public</c> and <c>[default]</c> select the default namespace. Does not bind from the pipeline.</summary>
    [Parameter(Position = 2)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string Namespace { get; set; } = "";

    /// <summary>Access key ID.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public SecureString? SecretKey { get; set; }

    /// <summary>User name and password for Nacos, or access key ID and secret key for ACM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Make this the default profile. The first profile always is.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    /// <summary>Do not test the connection.</summary>
    [Parameter]
    public SwitchParameter SkipTest { get; set; }

    /// <summary>Return the profile.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Server.Length > 0 && Endpoint.Length > 0) ThrowTerminatingError(AcmErrors.InvalidParameter("-Server and -Endpoint cannot be combined.", nameof(Server)));

        var profiles = new UserProfiles(this);
        if (!Confirmation.Ask(this, profiles.Ending(() => Target(profiles.Read())), "Add profile")) return;

        AcmSession? current = RunspaceResources.Of(Runspace.DefaultRunspace).Current;
        AcmProfile? shown = null;
        ConnectionSettings? settings = null;
        profiles.Update(file =>
        {
            StoredProfile profile = Store(file);

            // Settings that are not valid are not saved.
            settings = ConnectionOptions.ToConnection(profile);
            settings.Check();
            shown = new AcmProfile(profile, file.Default, current);
        });
        if (!SkipTest) await TestAsync(shown!.Name, settings!, cancellationToken).ConfigureAwait(false);
        if (PassThru) await Pipeline.WriteObjectAsync(shown!).ConfigureAwait(false);
    }

    private StoredProfile Store(ProfileFile file)
    {
        string name = Target(file);
        StoredProfile? profile = file.Find(name);
        bool isNew = profile is null;
        profile ??= file.Add(name);

        // Drop the old keys before loading the profile, because they may not be decryptable here.
        if (GivesKeys || IsGiven(nameof(SecretName))) ConnectionOptions.DropKeys(profile);
        if (IsGiven(nameof(KmsSecretKey))) ConnectionOptions.DropKmsKey(profile);
        ConnectionSettings settings = isNew ? new ConnectionSettings() : ConnectionOptions.ToConnection(profile);
        if (IsGiven(nameof(Namespace))) settings.Options = settings.Options with { Namespace = NamespaceName.Normalize(Namespace) };

        // An endpoint replaces the servers of -Server and the settings that came with them.
        bool endsServers = IsGiven(nameof(Endpoint)) && settings.Options.ServerType == AcmServerType.Auto;
        if (endsServers) settings.Options = settings.Options with { Direct = false };
        bool endsNoAuth = GivesProof && settings.Credentials.NoAuth;
        ApplyTo(settings);
        if (IsGiven(nameof(Server))) settings.UseServers(Server, IsGiven(nameof(ServerType)));
        if (IsGiven(nameof(Endpoint))) settings.UseEndpoint(Endpoint);
        if (GivesKeys) ApplyKeysTo(settings.Credentials, isAcm: settings.Options.ServerType == AcmServerType.Acm);

        ConnectionOptions.Store(settings, profile, parameter => IsGiven(parameter) || (endsNoAuth && parameter == nameof(NoAuth)) || ((IsGiven(nameof(Server)) || endsServers) && parameter is nameof(Endpoint) or nameof(Direct) or nameof(ServerType)));
        if (Default || (isNew && file.Profiles.Count == 1)) file.Default = name;
        return profile;
    }

    /// <summary>Applies keys, or a user name and a password. For ACM, these are the same.</summary>
    private void ApplyKeysTo(CredentialSettings credentials, bool isAcm)
    {
        if (Credential is not null && !isAcm)
        {
            (credentials.AccessKey, credentials.SecretKey, credentials.Credential) = (null, null, Credential);
            return;
        }

        if (Credential is not null || IsGiven(nameof(AccessKey))) credentials.AccessKey = Credential?.UserName ?? AccessKey;
        credentials.SecretKey = Credential?.Password ?? SecretKey;
    }

    /// <summary>Returns the name of the profile to add or change.</summary>
    private string Target(ProfileFile file)
    {
        string[] servers = Server.Length > 0 ? Server : Endpoint;
        if (Name is not null)
        {
            if (file.Find(Name) is not null) return Name;
            if (ProfileName.Fault(Name) is { } fault) throw new InvalidSettingException(fault, nameof(Name), Name);

            return servers.Length > 0 ? Name : throw new InvalidSettingException($"The profile '{Name}' does not exist: a new profile needs -Endpoint or -Server.", nameof(Endpoint));
        }

        if (servers.Length == 0) throw new InvalidSettingException("Specify the profile, or its endpoint and namespace.", nameof(Name));

        string endpoint = string.Join(",", servers);
        IReadOnlyList<StoredProfile> same = file.FindAll(endpoint, Namespace);
        return same.Count switch
        {
            0 => ProfileName.For(endpoint, Namespace, name => file.Find(name) is not null)
                ?? throw new InvalidSettingException("The default names for this profile are in use: specify -Name.", nameof(Name)),
            1 => same[0].Name,
            _ => throw new InvalidSettingException($"Several profiles use this namespace: {string.Join(", ", same)}. Specify one of them.", nameof(Name)),
        };
    }

    private async Task TestAsync(string name, ConnectionSettings settings, CancellationToken cancellationToken)
    {
        Progress.Activity = "Testing the connection";
        AcmSession? session = null;
        try
        {
            session = settings.Open(InvokeCommand);
            await foreach (ConnectionCheck check in session.Client.TestConnectionAsync(null, cancellationToken).ConfigureAwait(false))
            {
                if (check.Status != CheckStatus.Failed) continue;

                WarnOfFailure(name, $"{check.Check} of {check.Target} failed: {check.Detail.TrimEnd('.')}. {check.Cure}");
                return;
            }
        }
        catch (Exception e) when (e is AcmException or InvalidSettingException)
        {
            WarnOfFailure(name, e.Message);
        }
        finally
        {
            session?.End();
        }
    }

    private void WarnOfFailure(string name, string reason) =>
        Pipeline.WriteWarning($"The profile '{name}' was saved, but connecting with it failed. {reason.TrimEnd()}");
}
