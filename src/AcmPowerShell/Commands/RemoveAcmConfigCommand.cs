using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Removes configurations by name or wildcard. A name that does not exist is a warning.</summary>
[Cmdlet(VerbsCommon.Remove, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveAcmConfigCommand : ParallelCmdlet
{
    private const int MaxNamed = 10;
    private const int PreviewBatchSize = 100;

    private readonly List<ConfigKey> _keys = [];
    private readonly HashSet<ConfigKey> _seen = [];
    private readonly HashSet<ConfigKey> _named = [];
    private readonly HashSet<ConfigKey> _absent = [];
    private readonly ConcurrentBag<ConfigKey> _leftBetas = [];
    private GrayTarget? _gray;
    private ChangePreview? _preview;
    private bool _asks;
    private int _removed;

    /// <summary>Data IDs. Wildcards are supported; one prompt covers all matches.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty, PipedKey, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull, AllowEmptyCollection, AllowEmptyString, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter)), PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>Remove wildcard matches and several piped keys without a prompt.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Remove only the beta version. Its clients then receive the formal content. Nacos only.</summary>
    [Parameter]
    public SwitchParameter Beta { get; set; }

    /// <summary>Remove only the version for this tag. Nacos only, except 2.5 and 3.0 with embedded storage.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GrayTag { get; set; }

    private protected override void Prepare()
    {
        _gray = GrayParameters.Target(this, Beta, addresses: null, GrayTag);
        base.Prepare();
        Progress.Activity = "Removing configurations";
        if (WantsPreview) _preview = new ChangePreview(Client, Pipeline, Host);
    }

    // All input is collected before the first removal, because one prompt covers all and a removal shifts the pages of a list.
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

            foreach (ConfigKey key in request.Keys)
            {
                Add(key);
                if (PipedKey.Of(DataId) is null) _named.Add(key);
            }

            if (request.Pattern is null) continue;

            // If the list fails, nothing is removed.
            var matching = new List<ConfigKey>();
            await foreach (ConfigItem item in Client.ListAsync(request.Pattern.ToFilter(), Call, cancellationToken).ConfigureAwait(false)) matching.Add(item.Key);
            _asks |= matching.Count > 0;
            matching.ForEach(Add);
            if (matching.Count == 0 && request.Keys.Count == 0) Pipeline.WriteHost($"No configuration matches '{dataId}' in {GroupText} of {NamespaceText.Of(Client)}.");
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        _asks |= !IsOnlyRecord && _keys.Count > 1;
        Progress.Total = _keys.Count;
        if (_gray is not null)
        {
            await RemoveGrayAsync(_gray, cancellationToken).ConfigureAwait(false);
        }
        else if (_preview is not null)
        {
            await RemoveWithPreviewAsync(_preview, cancellationToken).ConfigureAwait(false);
        }
        else if (_keys.Count > 0 && await MayRemoveAsync().ConfigureAwait(false))
        {
            await FindAbsentAsync(cancellationToken).ConfigureAwait(false);
            foreach (ConfigKey key in _keys) await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        }

        await base.EndAsync(cancellationToken).ConfigureAwait(false);
        if (GrayParameters.LeftBehind(_leftBetas) is { } left) Pipeline.WriteWarning(left);
        if (_asks && _removed > 0) Pipeline.WriteHost($"Removed {Count(_removed)} from {NamespaceText.Of(Client)}.");
    }

    private static string Count(int count) => count == 1 ? "1 configuration" : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations", count);

    private static string Names(IReadOnlyCollection<ConfigKey> keys, string separator) =>
        string.Join(separator, keys.Take(MaxNamed)) + (keys.Count > MaxNamed ? $"{separator}... and {keys.Count - MaxNamed} more" : "");

    private string GroupText => Group.Length == 1 ? $"group '{Group[0]}'" : "groups " + string.Join(", ", Group.Select(group => $"'{group}'"));

    private void Add(ConfigKey key)
    {
        if (_seen.Add(key)) _keys.Add(key);
    }

    // -Confirm prompts for each key, and -Confirm:$false for none.
    private async Task<bool> MayRemoveAsync()
    {
        if (!_asks || Force || Confirm is not null) return true;

        return await Pipeline.ShouldContinueAsync($"Remove {Count(_keys.Count)} from {NamespaceText.Of(Client)}?\n{Names(_keys, "\n")}", "Remove configurations").ConfigureAwait(false);
    }

    /// <summary>
    /// Warns about named keys that do not exist, because servers confirm their removal as well. The removal is still sent, in case the server that was asked has stale data.
    /// </summary>
    private async Task FindAbsentAsync(CancellationToken cancellationToken)
    {
        ConfigKey[] named = [.. _keys.Where(key => _named.Contains(key) && IsValid(key))];
        if (named.Length == 0) return;

        try
        {
            // A key without an MD5 differs if it exists.
            IReadOnlyList<ConfigKey> existing = await Client.FindDifferencesAsync([.. named.Select(key => new KeyValuePair<ConfigKey, string?>(key, null))], Call, cancellationToken).ConfigureAwait(false);
            _absent.UnionWith(named.Except(existing));
        }
        catch (AcmException)
        {
            // The removal reports the error.
        }

        WarnOfAbsent();
    }

    private bool IsValid(ConfigKey key)
    {
        try
        {
            Client.CheckKey(key);
            return true;
        }
        catch (AcmException)
        {
            return false;
        }
    }

    private void WarnOfAbsent()
    {
        ConfigKey[] absent = [.. _keys.Where(_absent.Contains)];
        if (absent.Length == 1) Pipeline.WriteWarning($"Configuration '{absent[0]}' was not found in {NamespaceText.Of(Client)}: there is nothing to remove. Names are case-sensitive.");
        if (absent.Length > 1) Pipeline.WriteWarning($"{Count(absent.Length)} were not found in {NamespaceText.Of(Client)}: there is nothing to remove. Names are case-sensitive. {Names(absent, ", ")}");
    }

    private async Task RemoveWithPreviewAsync(ChangePreview preview, CancellationToken cancellationToken)
    {
        var call = new AcmCallOptions { TryTimeout = Call.TryTimeout, Log = Call.Log, NoSnapshot = true, NoFailover = true, NoDecrypt = true };
        for (int start = 0; start < _keys.Count; start += PreviewBatchSize)
        {
            ConfigKey[] keys = [.. _keys.Skip(start).Take(PreviewBatchSize)];
            foreach (ConfigResult current in await Client.GetManyAsync(keys, ThrottleLimit, call, cancellationToken).ConfigureAwait(false))
            {
                if (current.Error?.Kind == AcmErrorKind.ConfigNotFound)
                {
                    _absent.Add(current.Key);
                    continue;
                }

                if (await MayRemoveAsync(current.Key, () => preview.MayRemoveAsync(current)).ConfigureAwait(false)) await SendAsync(current.Key, cancellationToken).ConfigureAwait(false);
            }
        }

        WarnOfAbsent();
    }

    private async Task RemoveGrayAsync(GrayTarget target, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0 || !await MayRemoveAsync().ConfigureAwait(false)) return;

        foreach (ConfigKey key in _keys)
        {
            bool isApproved = _preview is { } preview
                ? await MayRemoveAsync(key, () => preview.MayRemoveGrayAsync(key, target, Call, cancellationToken)).ConfigureAwait(false)
                : await Pipeline.ShouldProcessAsync(Describe(key), $"Remove {target}").ConfigureAwait(false);
            if (!isApproved) continue;


            await Window.AddAsync(() => OutcomeAsync(key, () => RemoveGrayAsync(key, target, cancellationToken)), ThrottleLimit).ConfigureAwait(false);
        }
    }

    private async Task<Outcome> RemoveGrayAsync(ConfigKey key, GrayTarget target, CancellationToken cancellationToken)
    {
        await Client.RemoveGrayAsync(key, target, Call, cancellationToken).ConfigureAwait(false);
        return default;
    }

    private async Task<bool> MayRemoveAsync(ConfigKey key, Func<Task<bool>> ask)
    {
        AcmException error;
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            error = e;
        }

        await Window.AddAsync(() => OutcomeAsync(key, () => Task.FromException<Outcome>(error)), ThrottleLimit).ConfigureAwait(false);
        return false;
    }

    private async Task RemoveAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        if (await Pipeline.ShouldProcessAsync(Describe(key), "Remove configuration").ConfigureAwait(false)) await SendAsync(key, cancellationToken).ConfigureAwait(false);
    }

    private Task SendAsync(ConfigKey key, CancellationToken cancellationToken) =>
        Window.AddAsync(() => OutcomeAsync(key, () => RemoveOutcomeAsync(key, cancellationToken)), ThrottleLimit);

    private async Task<Outcome> RemoveOutcomeAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        await Client.RemoveAsync(key, Call, cancellationToken).ConfigureAwait(false);
        if (!_absent.Contains(key)) Interlocked.Increment(ref _removed);
        if (await Client.HasBetaAsync(key, Call, cancellationToken).ConfigureAwait(false)) _leftBetas.Add(key);
        return default;
    }
}
