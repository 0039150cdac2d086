using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Stops the specified stand-alone servers, or all that this session started and did not detach.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AcmServer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class StopAcmServerCommand : AsyncCmdlet
{
    private RunspaceResources _resources = null!;

    /// <summary>The servers. Defaults to those that this session started and did not detach.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public AcmServer[]? Server { get; set; }

    private protected override void Prepare()
    {
        _resources = RunspaceResources.Of(Runspace.DefaultRunspace);
        Progress.Activity = "Stopping servers";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (AcmServer server in Server ?? Array.FindAll(_resources.Servers, server => !server.Detached))
        {
            if (!await Pipeline.ShouldProcessAsync(server.ToString(), "Stop ACM server").ConfigureAwait(false)) continue;

            if (!await server.StopAsync(cancellationToken).ConfigureAwait(false))
                Pipeline.WriteWarning($"Server {server.ProcessId} did not stop in time and was killed. Acknowledged changes are on disk.");
            _resources.Remove(server);
        }
    }
}
