using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Acm.Client.Transfer.Diffing;
using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>
/// A plan that makes a target equal to a source by adding, changing and removing configurations. Planning changes nothing, and a plan contains names and checksums but no content. It can be
/// applied completely or partly, and repeatedly.
/// </summary>
public sealed class TransferPlan
{
    private readonly TransferOptions _options;
    private readonly SetReading _reading;
    private readonly ConcurrentQueue<ConfigKey> _leftBetas = new();

    internal TransferPlan(ConfigSet source, ConfigSet target, TransferOptions options, SetReading reading, IReadOnlyList<TransferItem> items, ProblemList problems)
    {
        Source = source;
        Target = target;
        _options = options;
        _reading = reading;
        Items = items;
        Problems = problems.ToList();
    }

    /// <summary>Gets the source.</summary>
    public ConfigSet Source { get; }

    /// <summary>Gets the target.</summary>
    public ConfigSet Target { get; }

    /// <summary>Gets the configurations of both sides, sorted by group and data ID; those that only the target has if they were requested.</summary>
    public IReadOnlyList<TransferItem> Items { get; }

    /// <summary>Gets the problems with the files of a side, with advice. A plan with problems has no items and cannot be applied.</summary>
    public IReadOnlyList<AcmException> Problems { get; }

    /// <summary>Gets the hidden files of a zip that were skipped.</summary>
    public IReadOnlyList<string> PassedOver => (Source as FileSet)?.PassedOver ?? [];

    /// <summary>Gets whether the source is a zip exported from the Nacos console.</summary>
    public bool IsNacosExport => Source is FileSet { IsNacosExport: true };

    /// <summary>Gets what is read from an export of the Nacos console besides the content, as a sentence; null for other sources.</summary>
    public string? NacosExportNote => (Source as FileSet)?.ConsoleNote;

    /// <summary>Gets whether the source is a namespace without configurations, even without the filter: servers do not distinguish it from one that does not exist.</summary>
    public bool IsSourceEmpty => Source is NamespaceSet { IsEmpty: true };

    /// <summary>Gets the current results.</summary>
    public TransferSummary Summary => Summarize(TimeSpan.Zero);

    /// <summary>
    /// Plans to make a namespace equal to a source. Configurations that cannot be published are found now: blank content, characters that servers cannot store, invalid names. Servers compare
    /// MD5s, thousands at a time; only encrypted configurations are read.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The target, a namespace.</param>
    /// <param name="options">The options; null to transfer everything.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">A side cannot be listed, or the servers cannot be asked.</exception>
    /// <exception cref="ArgumentException">The target is not a namespace, or the same one as the source.</exception>
    public static Task<TransferPlan> MakeAsync(ConfigSet source, ConfigSet target, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (source is null) throw new ArgumentNullException(nameof(source));
        if (target is not NamespaceSet to) throw new ArgumentException("The target must be a namespace.", nameof(target));
        if (source is NamespaceSet from && from.IsSameAs(to)) throw new ArgumentException($"'{source.Name}' and '{target.Name}' are the same namespace of the same servers.", nameof(target));

        return PlanAsync(source, target, Checked(options), forPublishing: true, cancellationToken);
    }

    /// <summary>Compares two sides. The resulting plan cannot be applied; it shows what would change in the target.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The target.</param>
    /// <param name="options">The options; null to compare everything.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">A side cannot be listed, or the servers cannot be asked.</exception>
    public static Task<TransferPlan> CompareAsync(ConfigSet source, ConfigSet target, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (source is null) throw new ArgumentNullException(nameof(source));
        if (target is null) throw new ArgumentNullException(nameof(target));

        return PlanAsync(source, target, Checked(options), forPublishing: false, cancellationToken);
    }

    private static async Task<TransferPlan> PlanAsync(ConfigSet source, ConfigSet target, TransferOptions options, bool forPublishing, CancellationToken cancellationToken)
    {
        // The server type determines the charset of checksums and the stored metadata.
        foreach (NamespaceSet servers in new[] { source, target }.OfType<NamespaceSet>()) await servers.Client.FindServerTypeAsync(options.Call, cancellationToken).ConfigureAwait(false);
        return await new TransferPlanner(source, target, options, forPublishing).MakeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates unified diffs from the target's to the source's texts, with a limited number in memory.</summary>
    /// <param name="items">Items of this plan. Failed and unchanged ones have no diff.</param>
    /// <param name="redact">Redacts the text of a configuration and keeps its number of lines; values of metadata are then redacted too. Null for no redaction.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>One diff per item, in order.</returns>
    public async IAsyncEnumerable<TransferDiff> DiffAsync(IReadOnlyList<TransferItem> items, Func<ConfigKey, string, string>? redact = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (items is null) throw new ArgumentNullException(nameof(items));

        IAsyncEnumerator<SetText> sources = Source.ReadAsync([.. items.Where(HasDiff).Select(item => item.Source).OfType<SetEntry>()], _reading, cancellationToken).GetAsyncEnumerator(cancellationToken);
        IAsyncEnumerator<SetText> targets = Target.ReadAsync([.. items.Where(HasDiff).Select(item => item.Target).OfType<SetEntry>()], _reading, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            foreach (TransferItem item in items)
            {
                if (!HasDiff(item))
                {
                    string? none = item.State == DifferenceState.Unchanged ? "" : null;
                    yield return new TransferDiff(item, none, none);
                    continue;
                }

                SetText? @new = await NextAsync(sources, item.Source).ConfigureAwait(false);
                SetText? old = await NextAsync(targets, item.Target).ConfigureAwait(false);
                if (@new?.Error is not null || old?.Error is not null)
                {
                    yield return new TransferDiff(item, text: null, redacted: null);
                    continue;
                }

                (string text, string redacted) = UnifiedDiff.Of(
                    old?.Content, @new?.Content, $"{Target.Name}/{item.Key}", $"{Source.Name}/{item.Key}", redact is null ? null : content => redact(item.Key, content));
                string metadata = string.Concat(item.MetadataChanges.Select(change => $"# {change}\n"));
                string redactedMetadata = redact is null ? metadata : string.Concat(item.MetadataChanges.Select(change => $"# {change.Redacted}\n"));
                yield return new TransferDiff(item, metadata + text, redactedMetadata + redacted);
            }
        }
        finally
        {
            await sources.DisposeAsync().ConfigureAwait(false);
            await targets.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Applies items of the plan: publishes in parallel, then removes, but only if everything was compared and published. A failure becomes the error of its item and does not stop the others.
    /// Outcomes are accurate at any time, even after a cancellation.
    /// </summary>
    /// <param name="items">Items of this plan; null for all. Those already done are skipped.</param>
    /// <param name="continueOnError">Whether to continue after a failure.</param>
    /// <param name="finished">Called for each item that was done or failed, on any thread; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InvalidOperationException">The plan has problems, or is for comparison only.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; <see cref="Summary"/> has the results so far.</exception>
    public async Task<TransferSummary> CarryOutAsync(
        IReadOnlyList<TransferItem>? items = null, bool continueOnError = true, Func<TransferItem, ValueTask>? finished = null, CancellationToken cancellationToken = default)
    {
        if (!CanBeCarriedOut) throw new InvalidOperationException(Problems.Count > 0 ? "A plan with problems cannot be applied." : "This plan is for comparison only.");

        var target = (NamespaceSet)Target;
        long start = target.Client.Clock.GetTimestamp();
        await new TransferRun(this, target.Client, _options, _reading, continueOnError, finished).RunAsync(items ?? Items, cancellationToken).ConfigureAwait(false);
        return Summarize(target.Client.Clock.GetElapsedTime(start));
    }

    /// <summary>Gets the removed configurations that still have a beta release, which is served again if a configuration with that name is published.</summary>
    public IReadOnlyList<ConfigKey> LeftBetas => [.. _leftBetas];

    internal void NoteLeftBeta(ConfigKey key) => _leftBetas.Enqueue(key);

    internal bool CanBeCarriedOut { get; init; }

    internal ContentRules Rules { get; init; } = ContentRules.OfFiles;

    // Cipher text that only one side decrypted cannot be displayed as a diff.
    private bool HasDiff(TransferItem item) =>
        item.State is DifferenceState.Added or DifferenceState.Changed or DifferenceState.Removed && (_options.NoDecrypt || !item.IsRaw);

    private static async Task<SetText?> NextAsync(IAsyncEnumerator<SetText> texts, SetEntry? entry) =>
        entry is null ? null : await texts.MoveNextAsync().ConfigureAwait(false) ? texts.Current : throw new InvalidOperationException($"'{entry.Key}' was not read.");

    private static TransferOptions Checked(TransferOptions? options)
    {
        options ??= new TransferOptions();
        OptionRules.Range(options.Parallelism, 1, AcmClient.MaxParallelism, nameof(options.Parallelism));
        OptionRules.Check(options.Call);
        return options;
    }

    private TransferSummary Summarize(TimeSpan duration) => new(Source.Name, Target.Name, Items, duration);
}
