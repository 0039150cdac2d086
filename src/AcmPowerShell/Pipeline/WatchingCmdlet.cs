using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that watches configurations.</summary>
public abstract class WatchingCmdlet : AcmCmdlet
{
    private KeyGathering _keys = null!;

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
        foreach (string text in _keys.Unmatched)
            Pipeline.WriteWarning($"Nothing matches '{text}' now, so nothing is watched for it. Wildcards are looked up once, at the start; a name without them is watched also while it does not exist.");

        if (_keys.Keys.Count > 0) await WatchAsync(_keys.Keys, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Watches. Up to its first await it runs on the pipeline thread.</summary>
    private protected abstract Task WatchAsync(IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken);
}
