using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using Acm.Client;

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

    /// <summary>Address server as host, host:port or URI; with -Direct the servers themselves, one or several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CredentialSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Endpoint { get; set; } = [];

    /// <summary>Servers as host, host:port or URI, one or several. They are Nacos, unless -ServerType says Acm.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Server { get; set; } = [];

    /// <summary>Profile to take the settings from, by name or as endpoint:namespace. What is given beside it goes before what it has.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProfileSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Profile { get; set; }

    /// <summary>Namespace id; blank, <c>public</c> and <c>[default]</c> are the blank namespace. Never bound from the pipeline.</summary>
    [Parameter(Position = 1, ParameterSetName = KeySet)]
    [Parameter(Position = 1, ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string Namespace { get; set; } = "";

    /// <summary>Access key id.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ProfileSet)]
    [AllowNull]
    [AllowEmptyString]
    public string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    [Parameter(ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
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

    /// <summary>Certificate with private key to show to the servers.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Keep the connection in use as it is: the new one is used by -Session only.</summary>
    [Parameter]
    public SwitchParameter NoDefault { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        ConnectionSettings settings = Profile is null ? new ConnectionSettings { Endpoint = Endpoint } : new UserProfiles(this).Connection(Profile);
        if (IsGiven(nameof(Namespace))) settings.Options = settings.Options with { Namespace = Namespace };
        if (IsGiven(nameof(ClientCertificate))) settings.Options = settings.Options with { ClientCertificate = ClientCertificate };
        ApplyTo(settings);
        if (IsGiven(nameof(Server))) settings.UseServers(Server);
        if (IsGiven(nameof(AccessKey))) settings.Credentials.AccessKey = AccessKey;
        if (IsGiven(nameof(SecretKey))) settings.Credentials.SecretKey = SecretKey;
        if (IsGiven(nameof(Credential))) settings.Credentials.Credential = Credential;
        if (settings.Options.ServerType == AcmServerType.Nacos && (!string.IsNullOrEmpty(AccessKey) || SecretKey is { Length: > 0 }))
            ThrowTerminatingError(AcmErrors.InvalidParameter(ConnectionSettings.NacosTakesPassword, nameof(AccessKey)));
        AcmSession session = settings.OpenFor(this);
        RunspaceHoldings.Of(Runspace.DefaultRunspace).Enter(session, isDefault: !NoDefault);
        WriteObject(session);
        return Task.CompletedTask;
    }
}
