using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Acm.Server.Storage;

/// <summary>Opens the data file and creates its tables.</summary>
internal static class SqliteFile
{
    // "ACMs"; another ID belongs to another program.
    private const int ApplicationId = 0x41434D73;
    // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.
    private const int NoCheckpointOnClose = 1006;

    public static SqliteConnection Open(string path)
    {
        // Without pooling, Dispose closes the file, so that it can be moved or deleted.
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWriteCreate };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Opens an existing data file, which a running server may be using.</summary>
    /// <exception cref="IOException">The file does not exist, or is not a data file.</exception>
    public static SqliteConnection OpenExisting(string path)
    {
        if (!File.Exists(path)) throw new IOException($"Cannot open '{path}': the file does not exist.");

        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            CheckOwner(connection, path);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Checks the schema version without changing the file.</summary>
    /// <exception cref="IOException">The file has another version.</exception>
    public static void CheckVersion(SqliteConnection connection, string path)
    {
        long version = OwnerAndVersion(connection).Version;
        if (version > SqliteSchema.Version) throw NewerData(path, version);
        if (version < SqliteSchema.Version) throw new IOException($"'{path}' has schema version {version}, but version {SqliteSchema.Version} is required. Start the server with this file once to upgrade it.");
    }

    /// <summary>Creates or upgrades the tables.</summary>
    /// <exception cref="IOException">The file belongs to another program or a newer server.</exception>
    public static void PrepareSchema(SqliteConnection connection, string path)
    {
        (long owner, long version) = OwnerAndVersion(connection);
        bool isNew = owner == 0 && version == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && owner != ApplicationId) throw new IOException($"'{path}' is a database of another program.");
        if (version > SqliteSchema.Version) throw NewerData(path, version);

        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
        if (version == SqliteSchema.Version) return;

        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (string step in SqliteSchema.StepsFrom((int)version)) Execute(connection, step);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SqliteSchema.Version};"));
        transaction.Commit();
    }

    private static void CheckOwner(SqliteConnection connection, string path)
    {
        if (OwnerAndVersion(connection).Owner != ApplicationId) throw new IOException($"'{path}' is not a data file of acm-server.");
    }

    private static IOException NewerData(string path, long version) =>
        new($"'{path}' has schema version {version}, but this server only supports versions up to {SqliteSchema.Version}. Use a newer server, or specify another file with --data.");

    private static (long Owner, long Version) OwnerAndVersion(SqliteConnection connection) =>
        (Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"));

    /// <summary>Closes a connection without a checkpoint, which would write the write-ahead log into a possibly damaged file.</summary>
    public static void CloseUntouched(SqliteConnection connection)
    {
        if (connection.Handle is { } database) _ = raw.sqlite3_db_config(database, NoCheckpointOnClose, 1, out _);
        connection.Dispose();
    }

    /// <summary>Returns an error with a one-line message that names the file and the remedy.</summary>
    public static StorageException Unusable(string path, Exception error)
    {
        // These codes mean a missing table, a damaged page or another header; all others (locked, full, no permission) are not caused by the file's content.
        bool isOfTheSystem = error is SqliteException { SqliteErrorCode: not (raw.SQLITE_ERROR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB) };
        string reason = error is SqliteException ? error.Message : "it contains an invalid value.";
        return isOfTheSystem
            ? new StorageException($"'{path}' cannot be used as a data file: {reason}", error)
            : new StorageException(
                $"'{path}' is damaged, or is not a data file: {reason} The file was not changed. Restore a backup, or specify another file with --data.",
                error);
    }

    public static long Number(SqliteConnection connection, string query)
    {
        using SqliteCommand command = Command(connection, query);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static SqliteCommand Command(SqliteConnection connection, string text, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // All callers pass constants.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (string name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    public static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = Command(connection, text);
        command.ExecuteNonQuery();
    }
}
