using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace AcmPowerShell;

/// <summary>Makes a connection and has this runspace use it. Sends nothing: Test-AcmConnection is what tests.</summary>
[Cmdlet(VerbsCommunications.Connect, "Acm", DefaultParameterSetName = KeySet)]
[OutputType(typeof(AcmSession))]
public sealed class ConnectAcmCommand : ConnectionCmdlet
{
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";
    private const string ServerSet = "Server";
    private const string ProfileSet = "Profile";

    /// <summary>Address server as host, host:port or URI; with -Direct the servers themselves, one or several. By default what the environment variables ACM_SERVER or ACM_ENDPOINT name.</summary>
    [Parameter(Position = 0, ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = CredentialSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Endpoint { get; set; } = [];

    /// <summary>Servers as host, host:port or URI, with their context path where it is not the usual one; one or several. Whether they are Nacos or ACM is found out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Server { get; set; } = [];

    /// <summary>Profile to take the settings from, by name or as endpoint:namespace. What is given beside it goes before what it has.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProfileSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Profile { get; set; }

    /// <summary>Namespace id; blank, <c>public</c> and <c>[default]</c> are the default namespace. Never bound from the pipeline.</summary>
    [Parameter(Position = 1, ParameterSetName = KeySet)]
    [Parameter(Position = 1, ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string Namespace { get; set; } = "";

    /// <summary>Access key id.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [AllowNull]
    [AllowEmptyString]
    public string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [AllowNull]
    public SecureString? SecretKey { get; set; }

    /// <summary>User and password for Nacos; access key id and secret key for ACM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    // Bound from the pipeline in the sets alone that have an endpoint: else no other set could be told from them by what is piped.

    /// <inheritdoc/>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = CredentialSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public override ServerType ServerType { get => base.ServerType; set => base.ServerType = value; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = CredentialSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public override SwitchParameter Direct { get => base.Direct; set => base.Direct = value; }

    /// <inheritdoc/>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = CredentialSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    public override SwitchParameter NoSnapshot { get => base.NoSnapshot; set => base.NoSnapshot = value; }

    /// <summary>Certificate with private key to show to the servers.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Keep the connection in use as it is: the new one is used by -Session only.</summary>
    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        ConnectionSettings settings = Base();
        if (IsGiven(nameof(Namespace))) settings.Options = settings.Options with { Namespace = Namespace };
        if (IsGiven(nameof(ClientCertificate))) settings.Options = settings.Options with { ClientCertificate = ClientCertificate };
        ApplyTo(settings);
        if (IsGiven(nameof(Server))) settings.UseServers(Server, IsGiven(nameof(ServerType)));
        if (IsGiven(nameof(Endpoint))) settings.UseEndpoint(Endpoint);
        if (IsGiven(nameof(AccessKey))) settings.Credentials.AccessKey = AccessKey;
        if (IsGiven(nameof(SecretKey))) settings.Credentials.SecretKey = SecretKey;
        if (IsGiven(nameof(Credential))) settings.Credentials.Credential = Credential;
        AcmSession session = settings.OpenFor(this);
        RunspaceResources.Of(Runspace.DefaultRunspace).Add(session, isDefault: !NoDefault);
        WriteObject(session);
        return Task.CompletedTask;
    }

    /// <summary>What the parameters are added to: a profile, the environment, or nothing.</summary>
    private ConnectionSettings Base()
    {
        if (Profile is not null) return new UserProfiles(this).Connection(Profile);
        if (IsGiven(nameof(Server)) || IsGiven(nameof(Endpoint))) return new ConnectionSettings();

        return new UserProfiles(this).Ending(() => ConnectionEnvironment.Read(Environment.GetEnvironmentVariable, FileSystemPath)
            ?? throw new InvalidSettingException("No server is specified. Specify -Server, -Endpoint or -Profile, or set the environment variable ACM_SERVER.", nameof(Server)));
    }
}
