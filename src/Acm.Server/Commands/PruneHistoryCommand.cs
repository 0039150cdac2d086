using System.Globalization;
using Acm.Server.Options;
using Acm.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Commands;

/// <summary>
/// Removes old changes from a data file, but no current values. It does not block a running server for long, because each transaction removes few rows.
/// </summary>
internal static class PruneHistoryCommand
{
    private const string OlderThan = "older-than";
    private const string Keep = "keep";

    public static CommandEntry Entry { get; } = new(
        "prune-history",
        "remove old changes from the data file, but no current values; works while a server uses the file",
        [
            OptionTable.Find(OptionTable.Data)!,
            new(OlderThan, "AGE", "remove changes older than this age, such as 30d, 12h or 45m"),
            new(Keep, "N", "keep the newest N changes of each version of a configuration"),
        ],
        Run);

    private static void Run(CommandContext context)
    {
        TimeSpan? age = context.Values.Text(OlderThan) is { } text ? Age(text) : null;
        int? kept = context.Values.Text(Keep) is null ? null : context.Values.Number(Keep, 0, least: 1);
        if (age is null && kept is null) throw new OptionsException($"prune-history requires --{OlderThan}, --{Keep} or both.");

        using SqliteConnection connection = SqliteFile.OpenExisting(context.DataFile);
        SqliteFile.CheckVersion(connection, context.DataFile);

        // Like the server: removed content is overwritten, and stays removed after a power failure.
        SqliteFile.Execute(connection, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
        int removed = 0;
        if (age is { } old)
        {
            DateTimeOffset now = context.Clock.GetUtcNow();
            DateTimeOffset before = old < now - DateTimeOffset.UnixEpoch ? now - old : DateTimeOffset.UnixEpoch;
            removed += Repeat(() => SqliteHistory.PruneOlder(connection, before));
        }

        if (kept is { } most)
        {
            foreach ((ConfigKey key, string gray) in SqliteHistory.VersionsBeyond(connection, most)) removed += Repeat(() => SqliteHistory.PruneBeyond(connection, key, gray, most));
        }

        context.Output.WriteLine(removed == 1 ? "Removed 1 change." : string.Create(CultureInfo.InvariantCulture, $"Removed {removed:N0} changes."));
    }

    private static int Repeat(Func<int> prune)
    {
        int sum = 0;
        int some;
        do sum += some = prune();
        while (some == SqliteHistory.RowsAtOnce);

        return sum;
    }

    private static TimeSpan Age(string text)
    {
        TimeSpan? unit = text[^1] switch
        {
            'd' => TimeSpan.FromDays(1),
            'h' => TimeSpan.FromHours(1),
            'm' => TimeSpan.FromMinutes(1),
            _ => null,
        };
        bool isNumber = int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 1_000_000;
        return unit is { } length && isNumber
            ? number * length
            : throw new OptionsException($"--{OlderThan} must be a number of days, hours or minutes, such as 30d, 12h or 45m, not '{text}'.");
    }
}
