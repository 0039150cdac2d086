using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Returns changes of configurations as they occur, until the command is stopped or its time is up.</summary>
[Cmdlet(VerbsCommon.Watch, "AcmConfig")]
[OutputType(typeof(AcmConfigChange))]
public sealed class WatchAcmConfigCommand : WatchingCmdlet
{
    /// <summary>Do not return the initial values.</summary>
    [Parameter]
    public SwitchParameter NoInitial { get; set; }

    /// <summary>Duration in seconds: 0.001 to 2,147,483. Defaults to unlimited. Reaching it is not an error.</summary>
    [Parameter]
    [ValidateRange(0.001, 2_147_483.0)]
    public override double TimeoutSec { get; set; }

    private protected override TimeSpan? TryTimeout => null;

    private protected override void Prepare()
    {
        base.Prepare();
        Pipeline.TickInterval = TimeSpan.FromMilliseconds(50);
    }

    private protected override async Task WatchAsync(IReadOnlyList<ConfigKey> keys, PatternFollowing following, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        PatternWatcher watcher = PatternWatcher.Begin(Client, keys, following, (change, _) => Pipeline.WriteObjectAsync(change), new WatchOptions { NoInitial = NoInitial, Transport = (AcmWatchTransport)WatchTransport }, Call);
        try
        {
            TimeSpan time = MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : Timeout.InfiniteTimeSpan;
            Task first = await Task.WhenAny(watcher.Completion, Task.Delay(time, ending.Token)).ConfigureAwait(false);
            if (first == watcher.Completion) throw AcmErrors.SessionEnded();
        }
        finally
        {
            ending.Cancel();
            await watcher.DisposeAsync().ConfigureAwait(false);
        }
    }
}
