using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Acm.Server.Storage;

/// <summary>
/// Changes in an SQLite file. <c>history</c> keeps every change with its content; <c>current</c> says which of them is each
/// key's value, so that a content is written once.
/// </summary>
internal sealed class SqliteJournal : IJournal
{
    private readonly string _path;
    private readonly FileStream _ownership;
    private readonly SqliteConnection _connection;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;

    /// <exception cref="IOException">The file cannot be opened, is in use by another server, or is something else.</exception>
    public SqliteJournal(string path, ILogger? log = null)
    {
        path = DataFile.Resolve(path);
        FileStream? ownership = null;
        SqliteConnection? connection = null;
        try
        {
            ownership = DataFile.Own(path);
            connection = SqliteFile.Open(path);
            SqliteFile.PrepareSchema(connection, path);
            DataFile.Tighten(path, log ?? NullLogger.Instance);
            LastRevision = SqliteFile.Number(connection, "SELECT coalesce(max(id), 0) FROM history");
            _writer = new SqliteWriter(connection);
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            if (connection is not null) SqliteFile.CloseUntouched(connection);
            ownership?.Dispose();
            if (e is SqliteException error) throw SqliteFile.Unusable(path, error);
            throw;
        }

        _path = path;
        _ownership = ownership;
        _connection = connection;
        _readers = new SqliteReaders(path);
    }

    public bool KeepsContents => true;

    public long LastRevision { get; }

    public IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent()
    {
        try
        {
            return [.. CurrentRows()];
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException or InvalidCastException or OverflowException or ArgumentOutOfRangeException)
        {
            // Damage shows as an error of SQLite, or as a value that the schema forbids.
            SqliteFile.CloseUntouched(_connection);
            throw SqliteFile.Unusable(_path, e);
        }
    }

    public byte[] ReadContent(long revision)
    {
        try
        {
            return _readers.Content(revision);
        }
        catch (SqliteException e)
        {
            throw new StorageException($"Change {revision} cannot be read: {e.Message}", e);
        }
    }

    public void Commit(IReadOnlyList<AcceptedChange> changes)
    {
        try
        {
            _writer.Commit(changes);
        }
        catch (SqliteException e)
        {
            throw new StorageException($"The data file takes no changes: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _connection.Dispose();
        _ownership.Dispose();
    }

    private IEnumerable<(ConfigKey Key, ConfigEntry Entry)> CurrentRows()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText =
            "SELECT tenant, grp, data_id, revision, modified_at, md5, length, charset, app_name, encrypted_data_key FROM current";
        using SqliteDataReader row = command.ExecuteReader();

        // Few distinct groups and namespaces name very many keys.
        var shared = new Dictionary<string, string>(StringComparer.Ordinal);
        while (row.Read())
        {
            var key = new ConfigKey(Share(row.GetString(0)), Share(row.GetString(1)), row.GetString(2));
            yield return (key, new ConfigEntry
            {
                Revision = row.GetInt64(3),
                ModifiedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
                Md5 = row.GetString(5),
                Length = row.GetInt32(6),
                Charset = Share(row.GetString(7)),
                AppName = Share(row.GetString(8)),
                EncryptedDataKey = row.IsDBNull(9) ? null : row.GetString(9),
            });
        }

        string Share(string text)
        {
            if (shared.TryGetValue(text, out string? known)) return known;

            shared[text] = text;
            return text;
        }
    }
}
