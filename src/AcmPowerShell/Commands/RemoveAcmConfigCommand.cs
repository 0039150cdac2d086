using System.Globalization;
using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Removes configurations: by name, or by wildcard from the live list. That one was not there is no error: the protocol does not tell.</summary>
[Cmdlet(VerbsCommon.Remove, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveAcmConfigCommand : ParallelCmdlet
{
    private const int MostNamed = 10;

    private readonly List<ConfigKey> _keys = [];
    private readonly HashSet<ConfigKey> _seen = [];
    private bool _asks;
    private int _removed;

    /// <summary>Data ids, wildcards allowed: what they match is asked for once, as a whole.</summary>
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

    /// <summary>Remove what wildcards match, and several piped keys, without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Removing configurations";
    }

    // All input is looked at before the first is removed: one question shows how much it is, and removing moves the pages of a list.
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        RefuseUnusable(DataId, Group);
        if (WrongNamespace(PipedKey.Of(DataId)?.Namespace, $"{Group[0]}/{DataId[0]}") is { } wrong)
        {
            await Pipeline.WriteErrorAsync(wrong).ConfigureAwait(false);
            return;
        }

        foreach (string dataId in DataId)
        {
            if (await RequestAsync(dataId, Group).ConfigureAwait(false) is not { } request) continue;

            foreach (ConfigKey key in request.Keys) Add(key);
            if (request.Pattern is null) continue;

            // A list that fails half way has nothing removed.
            var matching = new List<ConfigKey>();
            await foreach (ConfigItem item in Client.ListAsync(Call, cancellationToken).ConfigureAwait(false))
                if (request.Pattern.Matches(item)) matching.Add(item.Key);
            _asks |= matching.Count > 0;
            matching.ForEach(Add);
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        _asks |= !IsOnlyRecord && _keys.Count > 1;
        if (_keys.Count > 0 && await MayRemoveAsync().ConfigureAwait(false))
        {
            Progress.Total = _keys.Count;
            foreach (ConfigKey key in _keys) await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        }

        await base.EndAsync(cancellationToken).ConfigureAwait(false);
        if (_asks && _removed > 0) Pipeline.WriteHost($"Removed {Count(_removed)} from {NamespaceText.Of(Client)}.");
    }

    private static string Count(int count) => count == 1 ? "1 configuration" : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations", count);

    private void Add(ConfigKey key)
    {
        if (_seen.Add(key)) _keys.Add(key);
    }

    // With -Confirm each is asked for by itself.
    private async Task<bool> MayRemoveAsync()
    {
        if (!_asks || Force || WantsWhatIf || Confirm is not null) return true;

        string names = string.Join("\n", _keys.Take(MostNamed)) + (_keys.Count > MostNamed ? $"\n... and {_keys.Count - MostNamed} more" : "");
        return await Pipeline.ShouldContinueAsync($"Remove {Count(_keys.Count)} from {NamespaceText.Of(Client)}?\n{names}", "Remove configurations").ConfigureAwait(false);
    }

    private async Task RemoveAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        if (!await Pipeline.ShouldProcessAsync(Describe(key), "Remove configuration").ConfigureAwait(false)) return;

        await Window.AddAsync(() => OutcomeAsync(key, () => RemoveOutcomeAsync(key, cancellationToken)), ThrottleLimit).ConfigureAwait(false);
    }

    private async Task<Outcome> RemoveOutcomeAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        await Client.RemoveAsync(key, Call, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _removed);
        return default;
    }
}
