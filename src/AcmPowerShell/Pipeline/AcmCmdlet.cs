using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that talks to a server.</summary>
public abstract class AcmCmdlet : AsyncCmdlet
{
    private AcmSession? _session;

    /// <summary>The connection to use; by default the one that Connect-Acm made last in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <summary>The namespace to read and write; by default the connection's own. Never bound from the pipeline.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Namespace { get; set; }

    /// <summary>Time limit of a try, in seconds (0.001 to 600); by default the connection's own.</summary>
    [Parameter]
    [ValidateRange(0.001, 600.0)]
    public double TimeoutSec { get; set; }

    /// <summary>The engine, in the namespace of this command.</summary>
    private protected AcmClient Client { get; private set; } = null!;

    /// <summary>What all calls of this command have in common.</summary>
    private protected AcmCallOptions Call { get; private set; } = null!;

    private protected virtual bool SkipsSnapshot => false;

    /// <summary>Whether the command can't do without a connection. Where it can, there may be no <see cref="Client"/>.</summary>
    private protected virtual bool NeedsSession => true;

    private protected virtual bool SkipsDecryption => false;

    /// <summary>The key as a person who is asked about it has to see it.</summary>
    private protected string Describe(ConfigKey key) =>
        Client.Namespace.Length == 0 ? key.ToString() : $"{key} in namespace {Client.Namespace}";

    private protected override void Prepare()
    {
        _session = Session ?? RunspaceHoldings.Of(Runspace.DefaultRunspace).Current;
        if (_session is not null) Use(_session);
        else if (NeedsSession) throw AcmErrors.NotConnected();

        Call = new AcmCallOptions
        {
            TryTimeout = MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : null,
            NoSnapshot = SkipsSnapshot,
            NoDecrypt = SkipsDecryption,
            Log = new PipelineLog(Pipeline, WantsVerbose, WantsDebug),
        };
    }

    private void Use(AcmSession session)
    {
        if (session.TakeTraceFault() is { } fault) WriteWarning(fault);

        Client = Namespace is null ? session.Client : InNamespace(session.Client, Namespace);
    }

    // The engine only knows that it was closed, not by what.
    private protected override AcmException Explain(AcmException error) =>
        error.Kind == AcmErrorKind.NotConnected && _session is { IsConnected: false } ? AcmErrors.SessionEnded(error) : error;

    /// <summary>The client in another namespace, which ends the command where it is none.</summary>
    private protected AcmClient InNamespace(AcmClient client, string name)
    {
        try
        {
            return client.ForNamespace(name);
        }
        catch (AcmException e)
        {
            ThrowTerminatingError(AcmErrors.Record(e, name));
            throw;
        }
    }
}
