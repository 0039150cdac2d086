using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Acm.Server.Storage;

/// <summary>
/// Stores changes in an SQLite file. Table <c>history</c> has every change with its content; <c>current</c> references the
/// revision of each current value, so that a content is written only once.
/// </summary>
internal sealed class SqliteJournal : IJournal
{
    private readonly string _path;
    private readonly Lock _writing = new();
    private readonly HashSet<(ConfigKey Key, string Gray)> _changed = [];
    private readonly FileStream _ownership;
    private readonly SqliteConnection _connection;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;
    private bool _knowsOlderChanges;

    /// <summary>Opens or creates a data file.</summary>
    /// <exception cref="IOException">The file cannot be opened, is used by another server, or is not a data file.</exception>
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
            // A damaged file causes SQLite errors or invalid values.
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

    public HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly) => Read(connection => SqliteHistory.Page(connection, key, skip, take, formalOnly));

    public HistoryItem? FindChange(long revision) => Read(connection => SqliteHistory.Find(connection, revision));

    public IReadOnlyList<NamespaceEntry> ReadNamespaces() => Read(SqliteNamespaces.All);

    public void Commit(IReadOnlyList<AcceptedChange> changes)
    {
        Write(() =>
        {
            _writer.Commit(changes);
            foreach (AcceptedChange change in changes) _changed.Add((change.Change.Key, change.Change.Gray));
        });
    }

    public bool Prune(DateTimeOffset before, int maxRevisions)
    {
        bool more = Write(() => SqliteHistory.PruneOlder(_connection, before) == SqliteHistory.RowsAtOnce);
        if (!_knowsOlderChanges)
        {
            // Versions that were changed before this start, possibly with a higher limit.
            IReadOnlyList<(ConfigKey Key, string Gray)> older = Read(connection => SqliteHistory.VersionsBeyond(connection, maxRevisions));
            Write(() => _changed.UnionWith(older));
            _knowsOlderChanges = true;
        }

        foreach ((ConfigKey Key, string Gray) version in Write(() => _changed.ToArray()))
        {
            bool moreOfThis = Write(() =>
            {
                _changed.Remove(version);
                return SqliteHistory.PruneBeyond(_connection, version.Key, version.Gray, maxRevisions) == SqliteHistory.RowsAtOnce;
            });
            if (!moreOfThis) continue;

            more = true;
            Write(() => _changed.Add(version));
        }

        return more;
    }

    public void SetNamespace(NamespaceEntry entry) => Write(() => SqliteNamespaces.Set(_connection, entry));

    public void RemoveNamespace(string id) => Write(() => SqliteNamespaces.Remove(_connection, id));

    public byte[] Secret(string name, int length) => Write(() => SqliteSecrets.GetOrMake(_connection, name, length));

    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _connection.Dispose();
        _ownership.Dispose();
    }

    private T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            return _readers.Read(read);
        }
        catch (SqliteException e)
        {
            throw new StorageException($"The data file cannot be read: {e.Message}", e);
        }
    }

    private void Write(Action write) => Write(() =>
    {
        write();
        return true;
    });

    private T Write<T>(Func<T> write)
    {
        // Commits, pruning and other writes share the connection for writing.
        lock (_writing)
        {
            try
            {
                return write();
            }
            catch (SqliteException e)
            {
                throw new StorageException($"The data file cannot be written: {e.Message}", e);
            }
        }
    }

    private IEnumerable<(ConfigKey Key, ConfigEntry Entry)> CurrentRows()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = """
            SELECT tenant, grp, data_id, gray, id, revision, modified_at, md5, length, charset, modified_by, modified_from, gray_expression, dormant,
                app_name, encrypted_data_key, type, tags, description, use, effect, schema
            FROM current ORDER BY id
            """;
        using SqliteDataReader row = command.ExecuteReader();

        // Sharing strings saves memory: very many keys have few distinct groups and namespaces.
        var shared = new Dictionary<string, string>(StringComparer.Ordinal);
        var metadatas = new Dictionary<ConfigMetadata, ConfigMetadata>();
        while (row.Read())
        {
            var key = new ConfigKey(Share(row.GetString(0)), Share(row.GetString(1)), row.GetString(2));
            string gray = row.GetString(3);
            ConfigMetadata metadata = SqliteHistory.Metadata(row, 14);
            if (!metadatas.TryGetValue(metadata, out ConfigMetadata? known)) metadatas[metadata] = known = metadata;
            yield return (key, new ConfigEntry
            {
                Id = row.GetInt64(4),
                Revision = row.GetInt64(5),
                ModifiedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
                Md5 = row.GetString(7),
                Length = row.GetInt32(8),
                Charset = Share(row.GetString(9)),
                ModifiedBy = row.IsDBNull(10) ? null : Share(row.GetString(10)),
                ModifiedFrom = Share(row.GetString(11)),
                Rule = gray.Length == 0 ? null : new GrayRule(gray, row.IsDBNull(12) ? "" : row.GetString(12)),
                IsDormant = row.GetInt64(13) != 0,
                Metadata = known,
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
