using System.Globalization;
using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Publishes configurations as they were: after a version, at a moment, before the last change, or before they were removed. Never removes any.</summary>
[Cmdlet(VerbsData.Restore, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = VersionSet)]
[OutputType(typeof(AcmConfig))]
public sealed class RestoreAcmConfigCommand : ParallelCmdlet
{
    private const string VersionSet = "Version";
    private const string AsOfSet = "AsOf";
    private const string PreviousSet = "Previous";
    private const string DeletedSet = "Deleted";
    private const int MostNamed = 10;

    private readonly List<KeyValuePair<ConfigKey, RevisionQuery>> _wanted = [];
    private readonly Dictionary<ConfigKey, RevisionQuery> _seen = [];
    private bool _asks;
    private int _restored;

    /// <summary>Data ids, wildcards allowed, or names as group/dataId. A wildcard matches what exists now; a configuration that was removed has to be named.</summary>
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

    /// <summary>The version to restore, as Get-AcmConfigHistory shows it: the configuration as it was after that change.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VersionSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public long Version { get; set; }

    /// <summary>The moment to restore, by the clock of the server. Without an offset it is local time.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AsOfSet)]
    public DateTimeOffset AsOf { get; set; }

    /// <summary>Go back one change: to the configuration before the last publish that changed anything, or before the removal.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PreviousSet)]
    public SwitchParameter Previous { get; set; }

    /// <summary>Restore what the last removal removed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DeletedSet)]
    public SwitchParameter Deleted { get; set; }

    /// <summary>Restore several configurations without asking.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write each configuration as the server holds it now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Reading the history";
    }

    // All input is looked at before the first is published: one question shows how much it is.
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
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter($"'{key}' can be restored to one state only, but two were requested: as it was {other}, and {query}. The first one is used.", nameof(Version), key)).ConfigureAwait(false);
        }
    }

    /// <summary>Reads what each configuration was and is. One that can't be restored is an error of its own.</summary>
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

    /// <summary>What -WhatIf, -Confirm and the question before several leave of the plans. -Confirm:$false answers it, as -Force does.</summary>
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
        string names = string.Join("\n", plans.Take(MostNamed).Select(plan => $"{(plan.Current is null ? "Add" : "Change")} {plan.Key}")) + (plans.Count > MostNamed ? $"\n... and {plans.Count - MostNamed} more" : "");
        return $"Restore {Count(plans.Count)} in {NamespaceText.Of(Client)}?\n{names}\nUse -WhatIf to see the diffs.";
    }

    private async Task<Outcome> RestoreAsync(RestorePlan plan, CancellationToken cancellationToken)
    {
        PublishResult result = await Client.RestoreAsync(plan, Call, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _restored);
        return PassThru ? new Outcome(result.Config) : default;
    }
}
