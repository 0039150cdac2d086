using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using Acm.Client;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>
/// Keeps the settings of a connection under a name. Of a profile that is there, only what is given changes. The connection is tested then; that it does not
/// work is a warning, and the profile is kept.
/// </summary>
[Cmdlet(VerbsCommon.Add, "AcmProfile", SupportsShouldProcess = true, DefaultParameterSetName = KeySet)]
[OutputType(typeof(AcmProfile))]
public sealed class AddAcmProfileCommand : ConnectionCmdlet
{
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";

    /// <summary>Name of the profile, without a colon; by default the namespace, or endpoint-namespace where that name is taken. Case-sensitive.</summary>
    [Parameter(Position = 0)]
    [Alias("Alias")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Address server as host, host:port or URI; with -Direct the servers themselves, one or several. A new profile needs it, or -Server.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Endpoint { get; set; } = [];

    /// <summary>Servers as host, host:port or URI, with their context path where it is not the usual one; one or several. Whether they are Nacos or ACM is found out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Server { get; set; } = [];

    /// <summary>Namespace id; blank, <c>public</c> and <c>[default]</c> are the default namespace. Never bound from the pipeline.</summary>
    [Parameter(Position = 2)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string Namespace { get; set; } = "";

    /// <summary>Access key id.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public SecureString? SecretKey { get; set; }

    /// <summary>User and password for Nacos; access key id and secret key for ACM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Make it the default profile. The first one is that anyway.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    /// <summary>Do not test the connection.</summary>
    [Parameter]
    public SwitchParameter SkipTest { get; set; }

    /// <summary>Write the profile.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Server.Length > 0 && Endpoint.Length > 0) ThrowTerminatingError(AcmErrors.InvalidParameter("-Server and -Endpoint exclude each other.", nameof(Server)));

        var profiles = new UserProfiles(this);
        if (!Confirmation.Ask(this, profiles.Ending(() => Target(profiles.Read())), "Add profile")) return;

        AcmSession? current = RunspaceResources.Of(Runspace.DefaultRunspace).Current;
        AcmProfile? shown = null;
        ConnectionSettings? settings = null;
        profiles.Update(file =>
        {
            StoredProfile profile = Store(file);

            // What can't be connected with is not kept.
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

        // Keys that are given anew may take the place of some that can't be read here any more.
        if (GivesKeys || IsGiven(nameof(SecretName))) ConnectionOptions.DropKeys(profile);
        if (IsGiven(nameof(KmsSecretKey))) ConnectionOptions.DropKmsKey(profile);
        ConnectionSettings settings = isNew ? new ConnectionSettings() : ConnectionOptions.ToConnection(profile);
        if (IsGiven(nameof(Namespace))) settings.Options = settings.Options with { Namespace = NamespaceName.Normalize(Namespace) };

        // What -Server said of the profile goes with it.
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

    /// <summary>Takes over keys, or a user and a password. For ACM these are the same.</summary>
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

    /// <summary>The name of the profile that is added or changed.</summary>
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
        Pipeline.WriteWarning($"The profile '{name}' was saved, but its connection does not work. {reason.TrimEnd()}");
}
