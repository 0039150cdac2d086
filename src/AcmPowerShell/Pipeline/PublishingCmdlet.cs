using System.Management.Automation;
using Acm.Client;
using Acm.Client.Text;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Base class of the commands that publish a set of configurations to a namespace: it plans, previews or prompts, and applies the plan.</summary>
public abstract class PublishingCmdlet : AcmCmdlet
{
    private const int MostNamed = 10;

    // The items being applied, for the warning of a stopped command.
    private IReadOnlyList<TransferItem> _underWay = [];

    private protected PublishingCmdlet() => Sides = new TransferSides(this, Pipeline);

    /// <summary>Remove configurations that the source does not have, after the others are published. Prompts unless -Confirm:$false or -Force is specified. Configurations that the filters exclude are kept.</summary>
    [Parameter]
    public SwitchParameter Delete { get; set; }

    /// <summary>Remove without a prompt, even if the source is empty or much smaller than the target.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Whether to continue after a configuration failed. Defaults to true.</summary>
    [Parameter]
    public bool ContinueOnError { get; set; } = true;

    /// <summary>Transfer encrypted configurations as stored: cipher text with its data key. Does not need KMS.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    /// <summary>Return an object for each configuration with a difference, instead of the summary.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// Return what would change, with the diff of each configuration, without changing anything. Configurations that cannot be published are errors, as without this switch.
    /// </summary>
    [Parameter]
    public SwitchParameter PlanOnly { get; set; }

    /// <summary>Profile to connect with, for this command only. Defaults to the current connection.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Profile { get; set; }

    /// <summary>Case-insensitive wildcards for names of secret values, which diffs show as asterisks. A pattern that starts with ! is an exception.</summary>
    [Parameter]
    [ValidateNotNull, AllowEmptyCollection, SupportsWildcards]
    public string[] SecretPattern { get; set; } = [.. SecretNames.Defaults];

    /// <summary>Maximum number of concurrent requests: 1 to 256. Defaults to 16.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>Gets the source and the target.</summary>
    private protected TransferSides Sides { get; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Sides.Dispose();
    }

    private protected override void Prepare()
    {
        Session = Sides.Use(Profile, Session);
        base.Prepare();
    }

    /// <summary>Publishes the differences of a source to a target.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The client for the target namespace.</param>
    /// <param name="selection">The selected configurations.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    private protected async Task RunAsync(ConfigSet source, AcmClient target, KeySelection selection, CancellationToken cancellationToken)
    {
        Progress.Activity = "Comparing configurations";
        _underWay = [];
        using ConfigSet targetSet = TransferSides.SetOf(target);
        TransferPlan plan = await TransferPlan.MakeAsync(
            source,
            targetSet,
            new TransferOptions
            {
                Filter = selection.Matches,
                IncludeRemoved = Delete,
                NoDecrypt = NoDecrypt,
                Parallelism = ThrottleLimit,
                Call = Call,
                Compared = key =>
                {
                    Progress.Current = key.ToString();
                    Progress.Advance();
                },
            },
            cancellationToken).ConfigureAwait(false);
        if (await Sides.ReportAsync(plan, selection).ConfigureAwait(false))
        {
            Pipeline.WriteWarning($"Nothing of '{source.Name}' was published.");
            return;
        }

        if (plan.IsSourceEmpty && !Force)
        {
            await Pipeline.WriteErrorAsync(AcmErrors.Record(
                new AcmException(AcmErrorKind.ConfigNotFound, $"'{source.Name}' has no configurations. Nothing was done.") { Advice = "Check the name of the namespace. Use -Force to continue." }, source.Name)).ConfigureAwait(false);
            return;
        }

        await Pipeline.HeardAsync().ConfigureAwait(false);
        IReadOnlyList<TransferItem> wanted = await ApprovedAsync(plan, target, cancellationToken).ConfigureAwait(false);
        if (PlanOnly)
        {
            await Sides.WriteDifferencesAsync(plan, wanted, SecretPattern, cancellationToken).ConfigureAwait(false);
            return;
        }

        TransferSummary summary = plan.Summary;
        if (wanted.Count > 0)
        {
            Progress.Restart("Publishing configurations", wanted.Count);
            _underWay = wanted;
            summary = await plan.CarryOutAsync(wanted, ContinueOnError, FinishedAsync, cancellationToken).ConfigureAwait(false);
        }

        // With -ErrorAction Stop, an error ends the command here. After that the plan is complete, so a stopped pipeline needs no warning.
        await Pipeline.HeardAsync().ConfigureAwait(false);
        _underWay = [];
        if (GrayParameters.LeftBehind(plan.LeftBetas) is { } leftBehind) Pipeline.WriteWarning(leftBehind);
        await ConcludeAsync(summary, wanted, target).ConfigureAwait(false);
    }

    private protected override string? StoppedHalfWay()
    {
        if (_underWay.Count == 0) return null;

        int done = _underWay.Count(item => item.Outcome == TransferOutcome.Done);
        int inDoubt = _underWay.Count(item => item.Outcome == TransferOutcome.InDoubt);
        return $"Stopped: {done} of {_underWay.Count} configurations were published or removed{(inDoubt == 0 ? "" : $", and {inDoubt} may have been")}. Run the command again to continue.";
    }

    private async ValueTask FinishedAsync(TransferItem item)
    {
        Progress.Current = item.ToString();
        Progress.Advance();
        if (item.Error is not null) await Pipeline.WriteErrorAsync(AcmErrors.Record(item.Error, item.Key)).ConfigureAwait(false);
    }

    private async Task ConcludeAsync(TransferSummary summary, IReadOnlyList<TransferItem> wanted, AcmClient target)
    {
        int left = wanted.Count(item => item.Outcome == TransferOutcome.Pending && item.State != DifferenceState.Removed);
        int kept = wanted.Count(item => item.Outcome == TransferOutcome.Pending && item.State == DifferenceState.Removed);
        if (!WantsWhatIf && left > 0) Pipeline.WriteWarning($"{(left == 1 ? "1 configuration was" : $"{left} configurations were")} not attempted, because others had failed. Run the command again to continue.");
        if (!WantsWhatIf && kept > 0) Pipeline.WriteWarning($"Nothing was removed from {NamespaceText.Of(target)}, because some configurations could not be published. Run the command again to continue.");

        if (!PassThru)
        {
            await Pipeline.WriteObjectAsync(summary).ConfigureAwait(false);
            return;
        }

        foreach (TransferItem item in summary.Items)
        {
            if (item.Outcome != TransferOutcome.NothingToDo) await Pipeline.WriteObjectAsync(item).ConfigureAwait(false);
        }
    }

    /// <summary>Returns the items to apply, after -WhatIf, -Confirm and the prompt for removals.</summary>
    private async Task<IReadOnlyList<TransferItem>> ApprovedAsync(TransferPlan plan, AcmClient target, CancellationToken cancellationToken)
    {
        // Items that the plan rejected were reported before.
        List<TransferItem> differing = [.. plan.Items.Where(item => item is { Error: null, State: DifferenceState.Added or DifferenceState.Changed })];
        List<TransferItem> removed = [.. plan.Items.Where(item => item is { Error: null, State: DifferenceState.Removed })];
        if (removed.Count > 0 && await MayRemoveAsync(plan, removed, target).ConfigureAwait(false)) differing.AddRange(removed);
        if (PlanOnly) return differing;
        if (WantsWhatIf || Confirm == true) return await AskWithDiffAsync(plan, differing, target, cancellationToken).ConfigureAwait(false);

        bool[] answers = await Pipeline.ShouldProcessEachAsync([.. differing.Select(item => Action(item, target))]).ConfigureAwait(false);
        return [.. differing.Where((_, i) => answers[i])];
    }

    private async Task<bool> MayRemoveAsync(TransferPlan plan, List<TransferItem> removed, AcmClient target)
    {
        if (plan.Items.Any(item => item.Error is not null && item.State != DifferenceState.Removed))
        {
            Pipeline.WriteWarning($"Nothing is removed from {NamespaceText.Of(target)}, because some configurations cannot be published.");
            return false;
        }

        if (Force) return true;

        // Removed items with an error count as well: the source does not have them either.
        int missing = plan.Items.Count(item => item.State == DifferenceState.Removed);
        int kept = plan.Items.Count - missing;
        string some = removed.Count == 1 ? "1 configuration" : $"{removed.Count} configurations";
        if (kept == 0)
        {
            // An empty source is usually the result of a wrong path.
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(
                $"'{plan.Source.Name}' has none of the selected configurations: -Delete would remove all {some} of {NamespaceText.Of(target)}. Use -Force to remove them.", nameof(Delete), plan.Source.Name)).ConfigureAwait(false);
            return false;
        }

        if (Confirm == false && RemovalGuard.IsSuspicious(kept, missing))
        {
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(
                $"'{plan.Source.Name}' has {kept} configurations, and -Delete would remove {some} of {NamespaceText.Of(target)}. Nothing was removed. Use -Force to remove them.", nameof(Delete), plan.Source.Name)).ConfigureAwait(false);
            return false;
        }

        if (WantsWhatIf || PlanOnly || Confirm == false) return true;

        string names = string.Join("\n", removed.Take(MostNamed)) + (removed.Count > MostNamed ? $"\n... and {removed.Count - MostNamed} more" : "");
        return await Pipeline.ShouldContinueAsync($"{some} of {NamespaceText.Of(target)} {(removed.Count == 1 ? "is" : "are")} not in '{plan.Source.Name}':\n{names}\nRemove {(removed.Count == 1 ? "it" : "them")}, once the others are published?", "Remove configurations").ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<TransferItem>> AskWithDiffAsync(TransferPlan plan, List<TransferItem> differing, AcmClient target, CancellationToken cancellationToken)
    {
        bool hasColor = DiffView.WantsColor(Host);
        var approved = new List<TransferItem>();
        await foreach (TransferDiff item in plan.DiffAsync(differing, TransferSides.Redaction(SecretPattern), cancellationToken).ConfigureAwait(false))
        {
            string action = Action(item.Item, target);
            string diff = DiffView.Excerpt(item.Item.IsEncrypted ? null : item.Redacted, hasColor);
            if (await Pipeline.ShouldProcessAsync(action + diff, $"{action}?{diff}", "Confirm").ConfigureAwait(false)) approved.Add(item.Item);
        }

        return approved;
    }

    private static string Action(TransferItem item, AcmClient target)
    {
        string what = item.State switch
        {
            DifferenceState.Added => "Add",
            DifferenceState.Changed => "Change",
            _ => "Remove",
        };
        return ForeignText.Clean($"{what} {item} in {NamespaceText.Of(target)}");
    }
}
