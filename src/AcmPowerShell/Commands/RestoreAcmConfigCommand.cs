using System.Globalization;
using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Publishes an earlier state of configurations: after a version, at a time, before the last change, or before the removal. Never removes any.</summary>
[Cmdlet(VerbsData.Restore, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = VersionSet)]
[OutputType(typeof(AcmConfig))]
public sealed class RestoreAcmConfigCommand : ParallelCmdlet
{
    private const string VersionSet = "Version";
    private const string AsOfSet = "AsOf";
    private const string PreviousSet = "Previous";
    private const string DeletedSet = "Deleted";
    private const int MaxNamed = 10;

    private readonly List<KeyValuePair<ConfigKey, RevisionQuery>> _wanted = [];
    private readonly Dictionary<ConfigKey, RevisionQuery> _seen = [];
    private bool _asks;
    private bool _hasWarned;
    private int _restored;

    /// <summary>Data IDs, with wildcards, or names as group/dataId. A wildcard matches only existing configurations; removed ones must be named.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [PipedKey]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>The version to restore, as Get-AcmConfigHistory shows it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VersionSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public long Version { get; set; }

    /// <summary>The time to restore, by the server's clock. A time without an offset is local.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsOfSet)]
    public DateTimeOffset AsOf { get; set; }

    /// <summary>Undo the last change: the last publish that changed something, or the removal.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PreviousSet)]
    public SwitchParameter Previous { get; set; }

    /// <summary>Restore the state before the last removal.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeletedSet)]
    public SwitchParameter Deleted { get; set; }

    /// <summary>Restore several configurations without a prompt.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Return each restored configuration.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Reading the history";
    }

    // All input is collected before the first publish, because one prompt covers all.
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        RefuseUnusable(DataId, Group);
        if (WrongNamespace(PipedKey.Of(DataId)?.Namespace, $"{Group[0]}/{DataId[0]}") is { } wrong)
        {
            await Pipeline.WriteErrorAsync(wrong).ConfigureAwait(false);
            return;
        }

        RevisionQuery query = Query();
        var gathering = new KeyGathering(Client, Call, Pipeline);
        await gathering.AddAsync(DataId, Group, cancellationToken).ConfigureAwait(false);
        foreach (string pattern in gathering.Unmatched) Pipeline.WriteHost($"No configuration matches '{pattern}' in {NamespaceText.Of(Client)}.");
        foreach (ConfigKey key in gathering.Keys) await AddAsync(key, query).ConfigureAwait(false);
        _asks |= gathering.Patterns.Count > 0;
        if (ParameterSetName == AsOfSet && gathering.Patterns.Count > 0 && !_hasWarned)
        {
            _hasWarned = true;
            Pipeline.WriteWarning("A wildcard matches only existing configurations. Specify the names of removed ones to restore them as well.");
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        _asks |= _wanted.Count > 1;
        Progress.Total = _wanted.Count;
        List<RestorePlan> plans = await PlanAsync(cancellationToken).ConfigureAwait(false);
        await Pipeline.HeardAsync().ConfigureAwait(false);
        IReadOnlyList<RestorePlan> approved = await ApprovedAsync(plans).ConfigureAwait(false);
        if (approved.Count > 0) Progress.Restart("Restoring configurations", approved.Count);
        foreach (RestorePlan plan in approved) await Window.AddAsync(() => OutcomeAsync(plan.Key, () => RestoreAsync(plan, cancellationToken)), ThrottleLimit).ConfigureAwait(false);
        await base.EndAsync(cancellationToken).ConfigureAwait(false);
        if (_asks && approved.Count > 0) Pipeline.WriteHost($"Restored {Count(_restored)} in {NamespaceText.Of(Client)}.");
    }

    private static string Count(int count) => count == 1 ? "1 configuration" : string.Format(CultureInfo.InvariantCulture, "{0:N0} configurations", count);

    private RevisionQuery Query() => ParameterSetName switch
    {
        AsOfSet => RevisionQuery.AsOf(AsOf),
        PreviousSet => RevisionQuery.Previous,
        DeletedSet => RevisionQuery.Deleted,
        _ => RevisionQuery.After(Version),
    };

    private async Task AddAsync(ConfigKey key, RevisionQuery query)
    {
        if (!_seen.TryGetValue(key, out RevisionQuery? other))
        {
            _seen.Add(key, query);
            _wanted.Add(new(key, query));
        }
        else if (other.ToString() != query.ToString())
        {
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter($"Two states of '{key}' were requested: as it was {other}, and {query}. A configuration can be restored to only one state; the first is used.", nameof(Version), key)).ConfigureAwait(false);
        }
    }

    /// <summary>Plans the restore of each configuration. One that cannot be restored is a non-terminating error.</summary>
    private async Task<List<RestorePlan>> PlanAsync(CancellationToken cancellationToken)
    {
        var plans = new List<RestorePlan>();
        for (int start = 0; start < _wanted.Count; start += ThrottleLimit)
        {
            (RestorePlan? Plan, ErrorRecord? Error)[] some = await Task.WhenAll(_wanted.Skip(start).Take(ThrottleLimit).Select(pair => PlanAsync(pair.Key, pair.Value, cancellationToken))).ConfigureAwait(false);
            foreach ((RestorePlan? plan, ErrorRecord? error) in some)
            {
                if (error is not null) await Pipeline.WriteErrorAsync(error).ConfigureAwait(false);
                else if (plan!.IsNeeded) plans.Add(plan);
                else Pipeline.WriteVerbose($"'{plan.Key}' has not changed: nothing to restore.");
            }
        }

        return plans;
    }

    private async Task<(RestorePlan? Plan, ErrorRecord? Error)> PlanAsync(ConfigKey key, RevisionQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return (await Client.PlanRestoreAsync(key, query, Call, cancellationToken).ConfigureAwait(false), null);
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            return (null, AcmErrors.Record(e, key));
        }
        finally
        {
            Progress.Advance();
        }
    }

    /// <summary>Returns the plans to carry out, after -WhatIf, -Confirm and the prompt for several. -Force and -Confirm:$false skip the prompt.</summary>
    private async Task<IReadOnlyList<RestorePlan>> ApprovedAsync(List<RestorePlan> plans)
    {
        if (plans.Count == 0) return plans;
        if (!WantsPreview && _asks && !Force && Confirm is null && !await Pipeline.ShouldContinueAsync(Question(plans), "Restore configurations").ConfigureAwait(false)) return [];

        var preview = new ChangePreview(Client, Pipeline, Host);
        var approved = new List<RestorePlan>();
        foreach (RestorePlan plan in plans)
        {
            bool isApproved = WantsPreview
                ? await preview.MayRestoreAsync(plan).ConfigureAwait(false)
                : await Pipeline.ShouldProcessAsync(Describe(plan.Key), "Restore configuration").ConfigureAwait(false);
            if (isApproved) approved.Add(plan);
        }

        return approved;
    }

    private string Question(List<RestorePlan> plans)
    {
        string names = string.Join("\n", plans.Take(MaxNamed).Select(plan => $"{(plan.Current is null ? "Add" : "Change")} {plan.Key}")) + (plans.Count > MaxNamed ? $"\n... and {plans.Count - MaxNamed} more" : "");
        return $"Restore {Count(plans.Count)} in {NamespaceText.Of(Client)}?\n{names}\nUse -WhatIf to see the diffs.";
    }

    private async Task<Outcome> RestoreAsync(RestorePlan plan, CancellationToken cancellationToken)
    {
        PublishResult result = await Client.RestoreAsync(plan, Call, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _restored);
        return PassThru ? new Outcome(result.Config) : default;
    }
}
