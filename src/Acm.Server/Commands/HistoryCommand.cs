using System.Globalization;
using System.Text.Json;
using Acm.Server.Options;
using Acm.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Commands;

/// <summary>Lists the changes in a data file. It only reads, so that it does not disturb a running server.</summary>
internal static class HistoryCommand
{
    private const string PublicNamespace = "public";
    private const int DefaultLimit = 100;
    private static readonly string[] Titles = ["REVISION", "TIME", "OPERATION", "NAMESPACE", "GROUP", "DATA ID", "GRAY", "BY", "FROM", "BYTES"];

    public static CommandEntry Entry { get; } = new(
        "history",
        "list the changes in the data file, newest first; works while a server uses the file",
        [
            OptionTable.Find(OptionTable.Data)!,
            new("namespace", "ID", "only changes in this namespace; public is the default namespace"),
            new("group", "GROUP", "only changes in this group"),
            new("data-id", "NAME", "only changes of configurations with this data ID"),
            new("count", "N", $"maximum number of changes; 0 for no limit. Default {DefaultLimit}"),
            new("json", null, "write one JSON object per line"),
        ],
        Run);

    private static void Run(CommandContext context)
    {
        int count = context.Values.Number("count", DefaultLimit);
        string? tenant = context.Values.Text("namespace");
        string? group = context.Values.Text("group");
        string? dataId = context.Values.Text("data-id");
        bool isJson = context.Values.Switch("json");

        using SqliteConnection connection = SqliteFile.OpenExisting(context.DataFile);
        SqliteFile.CheckVersion(connection, context.DataFile);
        SqliteFile.Execute(connection, "PRAGMA query_only = 1");
        IEnumerable<HistoryRecord> records = SqliteHistory.Records(connection, tenant == PublicNamespace ? "" : tenant, group, dataId, count == 0 ? null : count);
        if (isJson) WriteJson(context.Output, records);
        else WriteTable(context.Output, [Titles, .. records.Select(Cells)]);
    }

    private static void WriteJson(TextWriter output, IEnumerable<HistoryRecord> records)
    {
        foreach (HistoryRecord record in records)
        {
            output.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["revision"] = record.Revision,
                ["time"] = Time(record, "yyyy-MM-ddTHH:mm:ss.fffZ"),
                ["operation"] = Operation(record),
                ["namespace"] = record.Key.Tenant,
                ["group"] = record.Key.Group,
                ["dataId"] = record.Key.DataId,
                ["gray"] = record.Gray,
                ["by"] = record.By,
                ["from"] = record.From,
                ["md5"] = record.Md5,
                ["bytes"] = record.Bytes,
            }));
        }
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Titles.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows) output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Cells(HistoryRecord record) =>
    [
        .. new[]
        {
            record.Revision.ToString(CultureInfo.InvariantCulture),
            Time(record, "yyyy-MM-dd HH:mm:ssZ"),
            Operation(record),
            record.Key.Tenant.Length == 0 ? PublicNamespace : record.Key.Tenant,
            record.Key.Group,
            record.Key.DataId,
            record.Gray,
            record.By,
            record.From,
            record.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "",
        }.Select(Printable),
    ];

    // Clients choose the names, and Nacos 1 accepts any character in them.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    private static string Time(HistoryRecord record, string format) => record.At.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static string Operation(HistoryRecord record) => record.Operation switch
    {
        Storage.Operation.Insert => "insert",
        Storage.Operation.Delete => "delete",
        _ => "update",
    };
}
