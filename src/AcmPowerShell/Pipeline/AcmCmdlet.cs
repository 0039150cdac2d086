using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>A command that asks a server.</summary>
public abstract class AcmCmdlet : SessionCmdlet
{
    /// <summary>Time limit of a try, in seconds (0.001 to 600); by default the connection's own.</summary>
    [Parameter]
    [ValidateRange(0.001, 600.0)]
    public double TimeoutSec { get; set; }

    private protected override TimeSpan? TryTimeout =>
        MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : null;
}
