using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Acm.Client.Transfer.Diffing;
using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>
/// What would make a target like a source: which configurations are added, changed and removed. Making one changes nothing; it holds names and checksums, no content. It is carried out
/// as a whole or in part, as often as it takes.
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

    /// <summary>Where the configurations come from.</summary>
    public ConfigSet Source { get; }

    /// <summary>Where they go.</summary>
    public ConfigSet Target { get; }

    /// <summary>Every configuration that either side has, in ordinal order of group and data id. Those that only the target has are there where they were asked for.</summary>
    public IReadOnlyList<TransferItem> Items { get; }

    /// <summary>What is wrong with the files of a side, each with its cure. A plan with problems has no items and can't be carried out.</summary>
    public IReadOnlyList<AcmException> Problems { get; }

    /// <summary>Files of a zip that were passed over because they are hidden.</summary>
    public IReadOnlyList<string> PassedOver => (Source as FileSet)?.PassedOver ?? [];

    /// <summary>Whether the source is a zip that was exported from the console of Nacos. Its configurations are read; the types and descriptions beside them are not.</summary>
    public bool IsNacosExport => Source is FileSet { IsNacosExport: true };

    /// <summary>What is read of an export of the Nacos console beside the contents, as a sentence; null where the source is none.</summary>
    public string? NacosExportNote => (Source as FileSet)?.ConsoleNote;

    /// <summary>Whether the source is a namespace without any configuration, be it left out by a filter or not: servers do not tell that from one that does not exist.</summary>
    public bool IsSourceEmpty => Source is NamespaceSet { IsEmpty: true };

    /// <summary>What has become of it by now.</summary>
    public TransferSummary Summary => Summarize(TimeSpan.Zero);

    /// <summary>
    /// Plans to make a namespace like a source. All that could not be published is found now: blank text, characters that the servers lack, names that they do not take. Differences are
    /// found by asking the servers for the keys whose MD5 is another one, thousands at a time; only encrypted configurations are read for it.
    /// </summary>
    /// <param name="source">Where the configurations come from.</param>
    /// <param name="target">A namespace.</param>
    /// <param name="options">What is moved, and how; null for all that the source has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AcmException">A side can't be listed, or the servers can't be asked.</exception>
    /// <exception cref="ArgumentException">The target is no namespace, or the source is the same one.</exception>
    public static Task<TransferPlan> MakeAsync(ConfigSet source, ConfigSet target, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (source is null) throw new ArgumentNullException(nameof(source));
        if (target is not NamespaceSet to) throw new ArgumentException("The target must be a namespace.", nameof(target));
        if (source is NamespaceSet from && from.IsSameAs(to)) throw new ArgumentException($"'{source.Name}' and '{target.Name}' are the same namespace of the same servers.", nameof(target));

        return PlanAsync(source, target, Checked(options), forPublishing: true, cancellationToken);
    }

    /// <summary>Compares two sides. The plan can't be carried out; what it says is what would have to be done to the target.</summary>
    /// <param name="source">What is to be.</param>
    /// <param name="target">What is.</param>
    /// <param name="options">What is compared, and how; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AcmException">A side can't be listed, or the servers can't be asked.</exception>
    public static Task<TransferPlan> CompareAsync(ConfigSet source, ConfigSet target, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (source is null) throw new ArgumentNullException(nameof(source));
        if (target is null) throw new ArgumentNullException(nameof(target));

        return PlanAsync(source, target, Checked(options), forPublishing: false, cancellationToken);
    }

    private static async Task<TransferPlan> PlanAsync(ConfigSet source, ConfigSet target, TransferOptions options, bool forPublishing, CancellationToken cancellationToken)
    {
        // By the kind of server it is decided what a text is recognised by, and what is stored beside it.
        foreach (NamespaceSet servers in new[] { source, target }.OfType<NamespaceSet>()) await servers.Client.FindServerTypeAsync(options.Call, cancellationToken).ConfigureAwait(false);
        return await new TransferPlanner(source, target, options, forPublishing).MakeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The unified diff of each item's text, from the target's to the source's, as they are read; some at a time are in memory.</summary>
    /// <param name="items">Which ones, of this plan. Those that failed and those that are unchanged have no diff.</param>
    /// <param name="redact">Takes the secrets out of a configuration's text and leaves its lines in their number; the values of metadata are left out then. Null for none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The diff of each item, in their order.</returns>
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
    /// Carries out items of the plan: publishes first, several at once, then removes, and that only if all of the plan could be compared and everything published. One that fails is its item's error
    /// and does not stop the others. Each item's outcome is true at every moment, also after a cancellation.
    /// </summary>
    /// <param name="items">Which ones, of this plan; null for all. Those that are done already are left alone.</param>
    /// <param name="continueOnError">Whether to go on after an item failed.</param>
    /// <param name="finished">Is told each item that was done or failed, on any thread.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="InvalidOperationException">The plan has problems, or was made to compare only.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; <see cref="Summary"/> tells how far it came.</exception>
    public async Task<TransferSummary> CarryOutAsync(
        IReadOnlyList<TransferItem>? items = null, bool continueOnError = true, Func<TransferItem, ValueTask>? finished = null, CancellationToken cancellationToken = default)
    {
        if (!CanBeCarriedOut) throw new InvalidOperationException(Problems.Count > 0 ? "A plan with problems cannot be applied." : "This plan is for comparison only.");

        var target = (NamespaceSet)Target;
        long start = target.Client.Clock.GetTimestamp();
        await new TransferRun(this, target.Client, _options, _reading, continueOnError, finished).RunAsync(items ?? Items, cancellationToken).ConfigureAwait(false);
        return Summarize(target.Client.Clock.GetElapsedTime(start));
    }

    /// <summary>The configurations that were removed and whose beta versions are still stored: these are served again when a configuration of the name is published again.</summary>
    public IReadOnlyList<ConfigKey> LeftBetas => [.. _leftBetas];

    internal void NoteLeftBeta(ConfigKey key) => _leftBetas.Enqueue(key);

    internal bool CanBeCarriedOut { get; init; }

    internal ContentRules Rules { get; init; } = ContentRules.OfFiles;

    // Of cipher text that one side only has decrypted there is nothing to be seen.
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
