using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace AcmPowerShell;

/// <summary>Creates a connection and makes it the default of this runspace. Sends no request; use Test-AcmConnection to test it.</summary>
[Cmdlet(VerbsCommunications.Connect, "Acm", DefaultParameterSetName = KeySet)]
[OutputType(typeof(AcmSession))]
public sealed class ConnectAcmCommand : ConnectionCmdlet
{
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";
    private const string ServerSet = "Server";
    private const string ProfileSet = "Profile";

    /// <summary>Address server as host, host:port or URI, or with -Direct one or more data servers. Defaults to the environment variable ACM_SERVER or ACM_ENDPOINT.</summary>
    [Parameter(Position = 0, ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = CredentialSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Endpoint { get; set; } = [];

    /// <summary>One or more servers as host, host:port or URI, with the context path if it is not the default. Nacos or ACM is detected.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ServerSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public string[] Server { get; set; } = [];

    /// <summary>Profile with the settings, by name or as endpoint:namespace. Other parameters override its settings.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProfileSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Profile { get; set; }

    /// <summary>Namespace ID. An empty string, <c>public</c> and <c>[default]</c> select the default namespace. Does not bind from the pipeline.</summary>
    [Parameter(Position = 1, ParameterSetName = KeySet)]
    [Parameter(Position = 1, ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string Namespace { get; set; } = "";

    /// <summary>Access key ID.</summary>
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

    /// <summary>User name and password for Nacos, or access key ID and secret key for ACM.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [Parameter(ParameterSetName = ServerSet)]
    [Parameter(ParameterSetName = ProfileSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    // Only the sets with an endpoint bind these from the pipeline. Otherwise a piped object could not determine the parameter set.

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

    /// <summary>Client certificate with its private key.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Do not make this the default connection. Use it with -Session.</summary>
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
        RunspaceResources resources = RunspaceResources.Of(Runspace.DefaultRunspace);

        // A gRPC port other than the default is known only to the server object.
        if (!IsGiven(nameof(GrpcPort)) && Endpoint.Concat(Server).ToArray() is [{ } address] && resources.FindServer(address) is { GrpcPort: { } port }) settings.Options = settings.Options with { GrpcPort = port };
        AcmSession session = settings.OpenFor(this);
        resources.Add(session, isDefault: !NoDefault);
        WriteObject(session);
        return Task.CompletedTask;
    }

    /// <summary>Returns the settings that the parameters override: those of a profile, of the environment, or empty ones.</summary>
    private ConnectionSettings Base()
    {
        if (Profile is not null) return new UserProfiles(this).Connection(Profile);
        if (IsGiven(nameof(Server)) || IsGiven(nameof(Endpoint))) return new ConnectionSettings();

        return new UserProfiles(this).Ending(() => ConnectionEnvironment.Read(Environment.GetEnvironmentVariable, FileSystemPath)
            ?? throw new InvalidSettingException("No server is specified. Specify -Server, -Endpoint or -Profile, or set the environment variable ACM_SERVER.", nameof(Server)));
    }
}
