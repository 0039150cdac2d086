using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that watches configurations.</summary>
public abstract class WatchingCmdlet : AcmCmdlet
{
    private KeyGathering _keys = null!;

    /// <summary>Data ids, wildcards allowed. A name is watched also while it does not exist, and names that match a wildcard once they exist.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty, PipedKey, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups, wildcards allowed; by default DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyCollection, AllowEmptyString, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter)), PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>How often the list is read for names that match a wildcard and came later, in seconds: 0.1 to 86,400, by default 30. So often values are compared, too, where a server tells of no change; by default every 10.</summary>
    [Parameter]
    [ValidateRange(0.1, 86_400.0)]
    public double PollIntervalSec { get; set; } = 30;

    /// <summary>How changes are noticed; by default in the best way that the servers and the network allow.</summary>
    [Parameter]
    public WatchTransport WatchTransport { get; set; }

    /// <summary>Tell also changes of type, tags, description and application name that leave the content alone.</summary>
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
        foreach (string text in _keys.Unmatched) Pipeline.WriteWarning($"Nothing matches '{text}' yet. A name that matches it is watched once it exists.");

        if (_keys.Keys.Count > 0 || _keys.Patterns.Count > 0)
        {
            var interval = TimeSpan.FromSeconds(PollIntervalSec);
            TimeSpan? asked = MyInvocation.BoundParameters.ContainsKey(nameof(PollIntervalSec)) ? interval : null;
            await WatchAsync(_keys.Keys, new PatternFollowing(_keys.Patterns, interval) { ComparisonInterval = asked, IncludesMetadata = IncludeMetadata }, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Watches. Up to its first await it runs on the pipeline thread.</summary>
    private protected abstract Task WatchAsync(IReadOnlyList<ConfigKey> keys, PatternFollowing following, CancellationToken cancellationToken);
}
