using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;

namespace AcmPowerShell;

/// <summary>Makes a connection and has this runspace use it. Sends nothing: Test-AcmConnection is what tests.</summary>
[Cmdlet(VerbsCommunications.Connect, "Acm", DefaultParameterSetName = KeySet)]
[OutputType(typeof(AcmSession))]
public sealed class ConnectAcmCommand : ConnectionCmdlet
{
    private const string KeySet = "Key";
    private const string CredentialSet = "Credential";

    /// <summary>Address server as host, host:port or URI; with -Direct the servers themselves, one or several.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Endpoint { get; set; } = [];

    /// <summary>Namespace id; blank, <c>public</c> and <c>[default]</c> are the blank namespace. Never bound from the pipeline.</summary>
    [Parameter(Position = 1)]
    [AllowEmptyString]
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

    /// <summary>Access key id and secret key as user name and password.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [ValidateNotNull]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        var settings = new ConnectionSettings { Endpoint = Endpoint, Namespace = Namespace };
        settings.Credentials.AccessKey = AccessKey;
        settings.Credentials.SecretKey = SecretKey;
        settings.Credentials.Credential = Credential;
        ApplyTo(settings);
        AcmSession session = Open(settings);
        RunspaceHoldings.Of(Runspace.DefaultRunspace).Enter(session);
        WriteObject(session);
        return Task.CompletedTask;
    }
}
