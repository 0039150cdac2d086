using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Writes changes of configurations to the pipeline as they come, until it is stopped, its time ends, or the pipeline wants no more.</summary>
[Cmdlet(VerbsCommon.Watch, "AcmConfig")]
[OutputType(typeof(AcmConfigChange))]
public sealed class WatchAcmConfigCommand : SessionCmdlet
{
    private KeyGathering? _keys;

    /// <summary>Data ids, wildcards allowed. Wildcards are looked up once, at the start; a name without them is watched also while it does not exist.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [PipedKey]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups, wildcards allowed; by default DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>Write changes only, not the values that are there at the start.</summary>
    [Parameter]
    public SwitchParameter NoInitial { get; set; }

    /// <summary>How long to watch, in seconds: 0.001 to 2,147,483; by default without end. That the time is up is no error.</summary>
    [Parameter]
    [ValidateRange(0.001, 2_147_483.0)]
    public double TimeoutSec { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        _keys = new KeyGathering(Client, Call, Pipeline);
        Pipeline.TickInterval = TimeSpan.FromMilliseconds(50);
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        RefuseUnusable(DataId, Group);
        if (WrongNamespace(PipedKey.Of(DataId)?.Namespace, $"{Group[0]}/{DataId[0]}") is { } wrong) await Pipeline.WriteErrorAsync(wrong).ConfigureAwait(false);
        else await _keys!.AddAsync(DataId, Group, cancellationToken).ConfigureAwait(false);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (string text in _keys!.Unmatched) Pipeline.WriteWarning(UnmatchedPattern.Text(text));
        if (_keys.Keys.Count == 0) return;

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ConfigWatcher watcher = Client.Watch(
            _keys.Keys, (change, _) => Pipeline.WriteObjectAsync(new AcmConfigChange(change)), new WatchOptions { NoInitial = NoInitial }, Call.Log);
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
