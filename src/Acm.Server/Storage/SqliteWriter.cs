using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Writes batches of changes, each in one transaction. Not thread-safe.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private static readonly string[] KeyColumns = ["tenant", "grp", "data_id", "gray"];
    private static readonly string[] MetadataColumns = ["app_name", "encrypted_data_key", "type", "tags", "description", "use", "effect", "schema"];

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _addToHistory;
    private readonly SqliteCommand _setCurrent;
    private readonly SqliteCommand _removeCurrent;
    private readonly SqliteCommand _setDormant;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _addToHistory = Insert("INSERT", "history", ["id", .. KeyColumns, "kind", "changed_at", "md5", "charset", "access_key", "user", "client_address", "gray_expression", "previous", "config_id", "content", .. MetadataColumns]);
        _setCurrent = Insert("INSERT OR REPLACE", "current", [.. KeyColumns, "id", "revision", "modified_at", "md5", "length", "charset", "modified_by", "modified_from", "gray_expression", "dormant", .. MetadataColumns]);
        _removeCurrent = SqliteFile.Command(
            connection,
            "DELETE FROM current WHERE tenant = $tenant AND grp = $grp AND data_id = $data_id AND gray = $gray",
            "$tenant", "$grp", "$data_id", "$gray");
        _setDormant = SqliteFile.Command(
            connection,
            "UPDATE current SET dormant = $dormant WHERE tenant = $tenant AND grp = $grp AND data_id = $data_id AND gray <> ''",
            "$dormant", "$tenant", "$grp", "$data_id");
    }

    public void Commit(IReadOnlyList<AcceptedChange> changes)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (AcceptedChange accepted in changes) Write(accepted, transaction);
        transaction.Commit();
    }

    public void Dispose()
    {
        _addToHistory.Dispose();
        _setCurrent.Dispose();
        _removeCurrent.Dispose();
        _setDormant.Dispose();
    }

    private static void Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Insert(string verb, string table, string[] columns)
    {
        string[] parameters = [.. columns.Select(column => "$" + column)];
        return SqliteFile.Command(_connection, $"{verb} INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", parameters)})", parameters);
    }

    private void Write(AcceptedChange accepted, SqliteTransaction transaction)
    {
        Change change = accepted.Change;
        ConfigKey key = change.Key;
        ConfigEntry? entry = accepted.Entry;
        ConfigMetadata? metadata = entry?.Metadata;
        long at = accepted.At.ToUnixTimeMilliseconds();
        Run(
            _addToHistory, transaction,
            accepted.Revision, key.Tenant, key.Group, key.DataId, change.Gray, entry is null ? "remove" : "publish", at, entry?.Md5, entry?.Charset,
            change.AccessKey, change.User, change.ClientAddress, entry?.Rule?.Expression, accepted.Previous?.Revision, (entry ?? accepted.Previous)?.Id, change.Content,
            metadata?.AppName, metadata?.EncryptedDataKey, metadata?.Type, metadata?.Tags, metadata?.Description, metadata?.Use, metadata?.Effect, metadata?.Schema);
        if (entry is null)
        {
            Run(_removeCurrent, transaction, key.Tenant, key.Group, key.DataId, change.Gray);
        }
        else
        {
            Run(
                _setCurrent, transaction,
                key.Tenant, key.Group, key.DataId, change.Gray, entry.Id, accepted.Revision, at, entry.Md5, entry.Length, entry.Charset,
                entry.ModifiedBy, entry.ModifiedFrom, entry.Rule?.Expression, 0,
                metadata!.AppName, metadata.EncryptedDataKey, metadata.Type, metadata.Tags, metadata.Description, metadata.Use, metadata.Effect, metadata.Schema);
        }

        // Gray versions are only served while the formal version exists.
        bool appearsOrGoes = change.Gray.Length == 0 && accepted.Previous is null != entry is null;
        if (appearsOrGoes) Run(_setDormant, transaction, entry is null ? 1 : 0, key.Tenant, key.Group, key.DataId);
    }
}
