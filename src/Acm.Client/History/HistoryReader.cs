using System.Globalization;
using System.Runtime.CompilerServices;
using Acm.Client.Protocol;
using Acm.Client.Servers;
using Acm.Client.Text;

namespace Acm.Client.History;

/// <summary>Reads the history of a configuration: its changes, and the states before and after them.</summary>
/// <param name="pool">The servers.</param>
/// <param name="protocol">Gets the dialect, once it is detected.</param>
/// <param name="clock">Source of time.</param>
internal sealed class HistoryReader(ServerPool pool, Func<IConfigProtocol> protocol, TimeProvider clock)
{
    private const int PageSize = 100;

    /// <summary>Maximum number of passes over a history that changes while it is read.</summary>
    internal const int MostReadings = 3;

    /// <summary>The default limit of changes that acm-server keeps per configuration. A history of this length may be truncated.</summary>
    private const int LongestWhole = 100;

    /// <summary>Margin for clock differences and for servers that prune late.</summary>
    private static readonly TimeSpan RetentionMargin = TimeSpan.FromDays(1);

    /// <summary>Reads the changes of a configuration and of its gray releases in descending order of their numbers.</summary>
    public IAsyncEnumerable<HistoryRow> AllRowsAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken) =>
        AllRowsAsync(first: null, @namespace, key, call, cancellationToken);

    /// <summary>Reads the changes of the configuration itself, which alone define its earlier states.</summary>
    private async IAsyncEnumerable<HistoryRow> RowsAsync(HistoryPage? first, string @namespace, ConfigKey key, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (HistoryRow row in AllRowsAsync(first, @namespace, key, call, cancellationToken).ConfigureAwait(false))
            if (row.GrayName is null) yield return row;
    }

    private async IAsyncEnumerable<HistoryRow> AllRowsAsync(HistoryPage? first, string @namespace, ConfigKey key, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A change in the meantime shifts the pages, so a row can appear twice.
        long last = long.MaxValue;
        for (int number = 1, pages = 1; number <= pages; number++)
        {
            HistoryPage page = number == 1 && first is not null ? first : await PageAsync(number, @namespace, key, call, cancellationToken).ConfigureAwait(false);
            pages = page.PagesAvailable;
            if (page.Rows.Count == 0) yield break;

            foreach (HistoryRow row in page.Rows.OrderByDescending(row => row.Id))
            {
                if (row.Id >= last) continue;

                last = row.Id;
                yield return row;
            }
        }
    }

    /// <summary>Reads the changes of a configuration with the values before and after each, newest first.</summary>
    public async IAsyncEnumerable<HistoryStep> StepsAsync(string @namespace, ConfigKey key, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (HistoryPage first, HistoryRow? newest, ServerValue? current) = await OpenAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false);
        HistoryRow? next = null;
        ServerValue? nextValue = null;
        await foreach (HistoryRow row in AllRowsAsync(first, @namespace, key, call, cancellationToken).ConfigureAwait(false))
        {
            if (row.GrayName is not null)
            {
                yield return new HistoryStep(row, Before: null, After: null);
                continue;
            }

            if (row.Id > newest?.Id) continue;

            ServerValue? value = await ValueAsync(@namespace, key, row, call, cancellationToken).ConfigureAwait(false);
            ServerValue? after = RevisionMap.After(row.Kind, next?.Kind) switch
            {
                StateSource.Row => value,
                StateSource.NextRow => nextValue,
                StateSource.Current => current,
                _ => null,
            };
            yield return new HistoryStep(row, RevisionMap.HoldsStateBefore(row.Kind) ? value : null, after);
            (next, nextValue) = (row, value);
        }
    }

    /// <summary>Finds the state that a query identifies.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not contain it.</exception>
    public async Task<PastState> FindAsync(string @namespace, ConfigKey key, RevisionQuery query, AcmCallOptions? call, CancellationToken cancellationToken) => query.Kind switch
    {
        RevisionQueryKind.Previous => await FindPreviousAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false),
        RevisionQueryKind.Deleted => await FindDeletedAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false),
        RevisionQueryKind.Version => await FindAfterAsync(@namespace, key, query, row => row.Id == query.Version, call, cancellationToken).ConfigureAwait(false),
        _ => await FindAfterAsync(@namespace, key, query, row => row.Time <= query.Time, call, cancellationToken).ConfigureAwait(false),
    };

    private IConfigHistory Keeper => protocol() as IConfigHistory ?? throw ConfigErrors.Missing(protocol().Name, "list the history of a configuration", "Use a server that keeps it, such as Nacos.");

    /// <summary>Finds the state after the newest change that matches.</summary>
    private async Task<PastState> FindAfterAsync(string @namespace, ConfigKey key, RevisionQuery query, Func<HistoryRow, bool> isMeant, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        (HistoryPage first, HistoryRow? newest, ServerValue? current) = await OpenAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false);
        HistoryRow? next = null;
        int count = 0;
        await foreach (HistoryRow row in AllRowsAsync(first, @namespace, key, call, cancellationToken).ConfigureAwait(false))
        {
            if (row.GrayName is { } gray)
            {
                if (query.Kind == RevisionQueryKind.Version && isMeant(row)) throw OfGray(@namespace, key, query, gray);
                continue;
            }

            count++;
            if (row.Id > newest?.Id) continue;
            if (isMeant(row)) return new PastState(row, await ValueAfterAsync(@namespace, key, query, row, next, current, call, cancellationToken).ConfigureAwait(false));

            next = row;
        }

        if (query.Kind == RevisionQueryKind.Version) throw NoVersion(@namespace, key, query);

        // The state is older than the history. Servers prune it, so a creation at its beginning does not prove that nothing existed before.
        if (next?.Kind == RevisionKind.Added) throw NoHistory(@namespace, key, $"it did not exist {query}: its history begins with its creation {RevisionQuery.AsOf(next.Time)}");
        if (next is null)
        {
            // Without a history, the stored value may be older than all changes that the server kept.
            ServerValue? stored = (await pool.RunAsync(protocol().GetStored(@namespace, key), call, cancellationToken).ConfigureAwait(false)).Value;
            if (stored?.LastModified <= query.Time) return new PastState(Row: null, stored);
            if (stored is null) throw ConfigErrors.NotFound(@namespace, key, AbsenceEvidence.OnlyView);
        }
        else if (count < LongestWhole && first.Retention is { } retention && clock.GetUtcNow() - query.Time <= retention - RetentionMargin)
        {
            // Nothing was pruned since: the oldest change is the first one after that time, and its row contains the state before it.
            return new PastState(Row: null, await ValueAsync(@namespace, key, next, call, cancellationToken).ConfigureAwait(false) ?? throw Pruned(@namespace, key, query));
        }

        throw TooOld(@namespace, key, query, next);
    }

    private async Task<ServerValue?> ValueAfterAsync(string @namespace, ConfigKey key, RevisionQuery query, HistoryRow row, HistoryRow? next, ServerValue? current, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        StateSource source = RevisionMap.After(row.Kind, next?.Kind);
        if (source == StateSource.Nothing) return null;

        return source switch
        {
            StateSource.Row => await ValueAsync(@namespace, key, row, call, cancellationToken).ConfigureAwait(false),
            StateSource.NextRow => await ValueAsync(@namespace, key, next!, call, cancellationToken).ConfigureAwait(false),
            StateSource.Current => current,
            _ => null,
        } ?? throw Pruned(@namespace, key, query);
    }

    /// <summary>Finds the state before the newest change that had an effect: servers also record a publish of the same content.</summary>
    private async Task<PastState> FindPreviousAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        PastState? found = null;
        HistoryStep? newest = null;
        await foreach (HistoryStep step in StepsAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false))
        {
            if (step.Row.GrayName is not null) continue;
            if (found is not null) return found with { Row = step.Row };

            newest ??= step;
            if (step.Before is null && RevisionMap.HoldsStateBefore(step.Row.Kind)) throw Pruned(@namespace, key, RevisionQuery.Previous);
            if (Differ(step.Before, newest.After)) found = new PastState(Row: null, step.Before);
        }

        return found ?? throw NoHistory(@namespace, key, newest is null ? "it has no history" : "its history has no change of its content or metadata");
    }

    private async Task<PastState> FindDeletedAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        PastState? found = null;
        await foreach (HistoryRow row in RowsAsync(first: null, @namespace, key, call, cancellationToken).ConfigureAwait(false))
        {
            if (found is not null) return found with { Row = row };
            if (row.Kind != RevisionKind.Removed) continue;

            ServerValue? value = await ValueAsync(@namespace, key, row, call, cancellationToken).ConfigureAwait(false);
            found = new PastState(Row: null, value ?? throw Pruned(@namespace, key, RevisionQuery.Deleted));
        }

        return found ?? throw NoHistory(@namespace, key, "its history has no removal");
    }

    /// <summary>Reads the first page, the newest change, and the stored value if that is the state after it; repeats until no change occurs in the meantime.</summary>
    private async Task<(HistoryPage First, HistoryRow? Newest, ServerValue? Current)> OpenAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        (HistoryPage first, HistoryRow? newest) = await NewestAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false);
        for (int reading = 1; newest?.Kind == RevisionKind.Changed; reading++)
        {
            ServerRead current = await pool.RunAsync(protocol().GetStored(@namespace, key), call, cancellationToken).ConfigureAwait(false);
            (first, HistoryRow? check) = await NewestAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false);
            if (check?.Id == newest.Id) return (first, newest, current.Value);
            if (reading == MostReadings) throw Changing(@namespace, key);

            newest = check;
        }

        return (first, newest, null);
    }

    /// <summary>Reads the first page and the newest change; null if there is none.</summary>
    internal async Task<(HistoryPage First, HistoryRow? Newest)> NewestAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        HistoryPage first = await PageAsync(1, @namespace, key, call, cancellationToken).ConfigureAwait(false);
        await foreach (HistoryRow row in RowsAsync(first, @namespace, key, call, cancellationToken).ConfigureAwait(false)) return (first, row);

        return (first, null);
    }

    private async Task<HistoryPage> PageAsync(int number, string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken) =>
        await pool.RunAsync(Keeper.History(@namespace, key, number, PageSize), call, cancellationToken).ConfigureAwait(false);

    private ValueTask<ServerValue?> ValueAsync(string @namespace, ConfigKey key, HistoryRow row, AcmCallOptions? call, CancellationToken cancellationToken) =>
        pool.RunAsync(Keeper.HistoryValue(@namespace, key, row.Id), call, cancellationToken);

    private bool Differ(ServerValue? one, ServerValue? other) =>
        one?.Md5 != other?.Md5 || (one is not null && other is not null && one.Metadata.ChangesOf(other.Metadata, Keeper.ReadsShowMetadata).Any());

    /// <summary>Returns the error for a configuration that keeps changing.</summary>
    internal static AcmException Changing(string @namespace, ConfigKey key) =>
        new(AcmErrorKind.Conflict, $"'{key}' in {NamespaceName.Describe(@namespace)} changed while its history was read.") { Key = key, Advice = "Try again later.", IsFinal = true };

    private static AcmException NoVersion(string @namespace, ConfigKey key, RevisionQuery query) =>
        NoHistory(@namespace, key, $"its history has no version {query.Version.ToString(CultureInfo.InvariantCulture)}");

    private static AcmException OfGray(string @namespace, ConfigKey key, RevisionQuery query, string gray) =>
        NoHistory(@namespace, key, $"version {query.Version.ToString(CultureInfo.InvariantCulture)} is a change of the gray version '{ForeignText.Clean(gray)}', which is not kept as a version of the configuration");

    private static AcmException Pruned(string @namespace, ConfigKey key, RevisionQuery query) => NoHistory(@namespace, key, $"the server no longer keeps its content {query}");

    private static AcmException TooOld(string @namespace, ConfigKey key, RevisionQuery query, HistoryRow? oldest) =>
        NoHistory(@namespace, key, $"its content {query} is unknown: its history begins {(oldest is null ? "later" : RevisionQuery.AsOf(oldest.Time).ToString())}", nameof(RevisionQuery.Previous));

    private static AcmException NoHistory(string @namespace, ConfigKey key, string problem, string? option = null) =>
        new(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(@namespace)}: {problem}.") { Key = key, Advice = "List the history to see the versions that the server keeps. Servers keep 30 days by default.", Option = option, IsFinal = true };
}
