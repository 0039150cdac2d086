using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Reads and prunes the history.</summary>
internal static class SqliteHistory
{
    // An insertion has the inserted content, all other changes have the previous content.
    private const string Columns = """
        SELECT h.id, h.tenant, h.grp, h.data_id, h.gray, h.kind, h.changed_at, coalesce(h.user, h.access_key), h.client_address, h.previous,
            s.id, s.md5, s.charset, s.app_name, s.encrypted_data_key, s.type, s.tags, s.description, s.use, s.effect, s.schema, s.gray_expression, h.config_id, coalesce(s.user, s.access_key)
        FROM history h LEFT JOIN history s ON s.id = CASE WHEN h.kind = 'publish' AND h.previous IS NULL THEN h.id ELSE h.previous END
        """;

    // A change whose content was pruned is not listed.
    private const string OfKey = "h.tenant = $tenant AND h.grp = $group AND h.data_id = $dataId AND (h.previous IS NULL OR EXISTS (SELECT 1 FROM history s WHERE s.id = h.previous))";

    /// <summary>The maximum number of rows in one pruning, which limits how long other writers wait.</summary>
    public const int RowsAtOnce = 500;

    private const string IsFormal = " AND h.gray = ''";
    private const string OnePage = " ORDER BY h.id DESC LIMIT $take OFFSET $skip";

    public const string CountOfKey = "SELECT count(*) FROM history h WHERE " + OfKey;
    public const string CountOfFormal = CountOfKey + IsFormal;
    public const string PageOfKey = $"{Columns} WHERE {OfKey}{OnePage}";
    public const string PageOfFormal = $"{Columns} WHERE {OfKey}{IsFormal}{OnePage}";
    public const string OneChange = Columns + " WHERE h.id = $id";

    // The new content of each change, without changes whose content was pruned.
    private const string Newest = """
        SELECT h.id, h.tenant, h.grp, h.data_id, h.gray, h.kind, h.changed_at, coalesce(h.user, h.access_key), h.client_address, h.previous, h.md5, length(h.content)
        FROM history h
        WHERE ($tenant IS NULL OR h.tenant = $tenant) AND ($group IS NULL OR h.grp = $group) AND ($dataId IS NULL OR h.data_id = $dataId)
            AND (h.previous IS NULL OR EXISTS (SELECT 1 FROM history s WHERE s.id = h.previous))
        ORDER BY h.id DESC LIMIT $take
        """;

    // The content of a change may be stored in the previous row, so that row is kept as long.
    public const string PruneOld = """
        DELETE FROM history WHERE id IN (
            SELECT h.id FROM history h
            WHERE h.changed_at < $before
                AND NOT EXISTS (SELECT 1 FROM current c WHERE c.tenant = h.tenant AND c.grp = h.grp AND c.data_id = h.data_id AND c.revision = h.id)
                AND NOT EXISTS (SELECT 1 FROM history n WHERE n.tenant = h.tenant AND n.grp = h.grp AND n.data_id = h.data_id AND n.id > h.id AND n.previous = h.id AND n.changed_at >= $before)
            LIMIT 500)
        """;

    public const string PruneMany = """
        DELETE FROM history WHERE id IN (
            SELECT h.id FROM history h
            WHERE h.tenant = $tenant AND h.grp = $group AND h.data_id = $dataId AND h.gray = $gray
                AND NOT EXISTS (SELECT 1 FROM current c WHERE c.tenant = h.tenant AND c.grp = h.grp AND c.data_id = h.data_id AND c.revision = h.id)
            ORDER BY h.id DESC LIMIT 500 OFFSET $kept)
        """;

    private const string VersionsOfLongHistories = """
        SELECT DISTINCT h.tenant, h.grp, h.data_id, h.gray
        FROM (SELECT tenant, grp, data_id FROM history GROUP BY tenant, grp, data_id HAVING count(*) > $kept) k
            JOIN history h ON h.tenant = k.tenant AND h.grp = k.grp AND h.data_id = k.data_id
        """;

    public static HistoryPage Page(SqliteConnection connection, ConfigKey key, long skip, int take, bool formalOnly)
    {
        using SqliteCommand count = SqliteFile.Command(connection, formalOnly ? CountOfFormal : CountOfKey, "$tenant", "$group", "$dataId");
        SetKey(count, key);
        int total = Convert.ToInt32(count.ExecuteScalar(), CultureInfo.InvariantCulture);

        using SqliteCommand command = SqliteFile.Command(connection, formalOnly ? PageOfFormal : PageOfKey, "$tenant", "$group", "$dataId", "$take", "$skip");
        SetKey(command, key);
        command.Parameters[3].Value = take;
        command.Parameters[4].Value = skip;
        using SqliteDataReader row = command.ExecuteReader();
        var items = new List<HistoryItem>();
        while (row.Read()) items.Add(Item(row));
        return new HistoryPage(total, items);
    }

    public static HistoryItem? Find(SqliteConnection connection, long revision)
    {
        using SqliteCommand command = SqliteFile.Command(connection, OneChange, "$id");
        command.Parameters[0].Value = revision;
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? Item(row) : null;
    }

    /// <summary>Returns the newest changes; null omits a condition or the limit.</summary>
    public static IEnumerable<HistoryRecord> Records(SqliteConnection connection, string? tenant, string? group, string? dataId, int? most)
    {
        using SqliteCommand command = SqliteFile.Command(connection, Newest, "$tenant", "$group", "$dataId", "$take");
        command.Parameters[0].Value = tenant ?? (object)DBNull.Value;
        command.Parameters[1].Value = group ?? (object)DBNull.Value;
        command.Parameters[2].Value = dataId ?? (object)DBNull.Value;
        command.Parameters[3].Value = most ?? -1;
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read()) yield return Record(row);
    }

    /// <returns>The number of removed changes; <see cref="RowsAtOnce"/> if there may be more.</returns>
    public static int PruneOlder(SqliteConnection connection, DateTimeOffset before)
    {
        using SqliteCommand command = SqliteFile.Command(connection, PruneOld, "$before");
        command.Parameters[0].Value = before.ToUnixTimeMilliseconds();
        return command.ExecuteNonQuery();
    }

    /// <returns>The number of removed changes; <see cref="RowsAtOnce"/> if there may be more.</returns>
    public static int PruneBeyond(SqliteConnection connection, ConfigKey key, string gray, int maxRevisions)
    {
        using SqliteCommand command = SqliteFile.Command(connection, PruneMany, "$tenant", "$group", "$dataId", "$gray", "$kept");
        SetKey(command, key);
        command.Parameters[3].Value = gray;

        // OFFSET keeps one more row, which has the content of the oldest change.
        command.Parameters[4].Value = maxRevisions;
        return command.ExecuteNonQuery();
    }

    /// <summary>Returns the versions of keys with more than <paramref name="maxRevisions"/> changes.</summary>
    public static List<(ConfigKey Key, string Gray)> VersionsBeyond(SqliteConnection connection, int maxRevisions)
    {
        // The subquery only uses an index; rows are only read for the few remaining keys.
        using SqliteCommand command = SqliteFile.Command(connection, VersionsOfLongHistories, "$kept");
        command.Parameters[0].Value = maxRevisions;
        using SqliteDataReader row = command.ExecuteReader();
        var versions = new List<(ConfigKey, string)>();
        while (row.Read()) versions.Add((new ConfigKey(row.GetString(0), row.GetString(1), row.GetString(2)), row.GetString(3)));
        return versions;
    }

    private static void SetKey(SqliteCommand command, ConfigKey key)
    {
        command.Parameters[0].Value = key.Tenant;
        command.Parameters[1].Value = key.Group;
        command.Parameters[2].Value = key.DataId;
    }

    private static HistoryRecord Record(SqliteDataReader row) => new(
        row.GetInt64(0),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        row.GetString(5) == "remove" ? Operation.Delete : row.IsDBNull(9) ? Operation.Insert : Operation.Update,
        new ConfigKey(row.GetString(1), row.GetString(2), row.GetString(3)),
        row.GetString(4),
        Text(row, 7) ?? "",
        row.GetString(8),
        Text(row, 10),
        row.IsDBNull(11) ? null : row.GetInt64(11));

    private static HistoryItem Item(SqliteDataReader row)
    {
        string gray = row.GetString(4);
        bool removes = row.GetString(5) == "remove";
        return new HistoryItem
        {
            Revision = row.GetInt64(0),
            Key = new ConfigKey(row.GetString(1), row.GetString(2), row.GetString(3)),
            Gray = gray,
            ShownBy = Text(row, 23),
            ConfigId = row.IsDBNull(22) ? 0 : row.GetInt64(22),
            Operation = removes ? Operation.Delete : row.IsDBNull(9) ? Operation.Insert : Operation.Update,
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
            By = Text(row, 7),
            From = row.GetString(8),
            ContentRevision = row.IsDBNull(10) ? 0 : row.GetInt64(10),
            Md5 = Text(row, 11) ?? "",
            Charset = Text(row, 12) ?? Charsets.Text,
            Metadata = Metadata(row, 13),
            Rule = gray.Length == 0 ? null : new GrayRule(gray, Text(row, 21) ?? ""),
        };
    }

    /// <summary>Reads the eight metadata columns.</summary>
    public static ConfigMetadata Metadata(SqliteDataReader row, int first) => new ConfigMetadata
    {
        AppName = Text(row, first) ?? "",
        EncryptedDataKey = Text(row, first + 1),
        Type = Text(row, first + 2),
        Tags = Text(row, first + 3),
        Description = Text(row, first + 4),
        Use = Text(row, first + 5),
        Effect = Text(row, first + 6),
        Schema = Text(row, first + 7),
    }.Shared();

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
