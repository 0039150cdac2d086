using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the commands that watch configurations.</summary>
public abstract class WatchingCmdlet : AcmCmdlet
{
    private KeyGathering _keys = null!;

    /// <summary>Data IDs. Wildcards are supported. A name is watched even before it exists; names that match a wildcard are watched once they exist.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty, PipedKey, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyCollection, AllowEmptyString, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter)), PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>Interval, in seconds, for finding new names that match a wildcard: 0.1 to 86,400. Defaults to 30. Also the interval for comparing values if a server does not report changes; its default is 10.</summary>
    [Parameter]
    [ValidateRange(0.1, 86_400.0)]
    public double PollIntervalSec { get; set; } = 30;

    /// <summary>How changes are detected. Defaults to the best way that the servers and the network support.</summary>
    [Parameter]
    public WatchTransport WatchTransport { get; set; }

    /// <summary>Also report changes of type, tags, description and application name without a change of content.</summary>
    [Parameter]
    public SwitchParameter IncludeMetadata { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        _keys = new KeyGathering(Client, Call, Pipeline);
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        RefuseUnusable(DataId, Group);
        if (WrongNamespace(PipedKey.Of(DataId)?.Namespace, $"{Group[0]}/{DataId[0]}") is { } wrong) await Pipeline.WriteErrorAsync(wrong).ConfigureAwait(false);
        else await _keys.AddAsync(DataId, Group, cancellationToken).ConfigureAwait(false);
    }

    private protected sealed override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (string text in _keys.Unmatched) Pipeline.WriteWarning($"No configuration matches '{text}' yet. New ones that match are watched as soon as they exist.");

        if (_keys.Keys.Count > 0 || _keys.Patterns.Count > 0)
        {
            var interval = TimeSpan.FromSeconds(PollIntervalSec);
            TimeSpan? asked = MyInvocation.BoundParameters.ContainsKey(nameof(PollIntervalSec)) ? interval : null;
            await WatchAsync(_keys.Keys, new PatternFollowing(_keys.Patterns, interval) { ComparisonInterval = asked, IncludesMetadata = IncludeMetadata }, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Watches the keys. Runs on the pipeline thread up to the first await.</summary>
    private protected abstract Task WatchAsync(IReadOnlyList<ConfigKey> keys, PatternFollowing following, CancellationToken cancellationToken);
}
