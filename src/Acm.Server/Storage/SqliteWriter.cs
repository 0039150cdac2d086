using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Writes batches of changes, one transaction each. Used by one thread.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _addToHistory;
    private readonly SqliteCommand _setCurrent;
    private readonly SqliteCommand _removeCurrent;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _addToHistory = SqliteFile.Command(
            connection,
            """
            INSERT INTO history (id, tenant, grp, data_id, kind, changed_at, md5, charset, app_name, encrypted_data_key, access_key, client_address, content)
            VALUES ($id, $tenant, $group, $dataId, $kind, $at, $md5, $charset, $app, $dataKey, $accessKey, $address, $content)
            """,
            "$id", "$tenant", "$group", "$dataId", "$kind", "$at", "$md5", "$charset", "$app", "$dataKey", "$accessKey", "$address", "$content");
        _setCurrent = SqliteFile.Command(
            connection,
            """
            INSERT OR REPLACE INTO current (tenant, grp, data_id, revision, modified_at, md5, length, charset, app_name, encrypted_data_key)
            VALUES ($tenant, $group, $dataId, $id, $at, $md5, $length, $charset, $app, $dataKey)
            """,
            "$tenant", "$group", "$dataId", "$id", "$at", "$md5", "$length", "$charset", "$app", "$dataKey");
        _removeCurrent = SqliteFile.Command(
            connection,
            "DELETE FROM current WHERE tenant = $tenant AND grp = $group AND data_id = $dataId",
            "$tenant", "$group", "$dataId");
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
    }

    private static void Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private void Write(AcceptedChange accepted, SqliteTransaction transaction)
    {
        Change change = accepted.Change;
        ConfigKey key = change.Key;
        long at = accepted.At.ToUnixTimeMilliseconds();
        if (change.Content is null)
        {
            Run(_addToHistory, transaction, accepted.Revision, key.Tenant, key.Group, key.DataId, "remove", at, null, null, null, null, change.AccessKey, change.ClientAddress, null);
            Run(_removeCurrent, transaction, key.Tenant, key.Group, key.DataId);
            return;
        }

        Run(_addToHistory, transaction, accepted.Revision, key.Tenant, key.Group, key.DataId, "publish", at, change.Md5, change.Charset, change.AppName, change.EncryptedDataKey, change.AccessKey, change.ClientAddress, change.Content);
        Run(_setCurrent, transaction, key.Tenant, key.Group, key.DataId, accepted.Revision, at, change.Md5, change.Content.Length, change.Charset, change.AppName, change.EncryptedDataKey);
    }
}
