using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Acm.Server.Storage;

/// <summary>Opening the data file and giving it its tables.</summary>
internal static class SqliteFile
{
    // "ACMs": a file that carries another mark is somebody else's.
    private const int ApplicationId = 0x41434D73;
    // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    private const int NoCheckpointOnClose = 1006;

    public static SqliteConnection Open(string path)
    {
        // No pool: closing must mean closed, so that the file can be moved or deleted.
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWriteCreate };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Opens the data file of a server that may be running on it.</summary>
    /// <exception cref="IOException">The file is not there, or is no data file of a server.</exception>
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

    /// <summary>Checks that the file has the tables that this server knows, and does not change it where it has not.</summary>
    /// <exception cref="IOException">It is of another version.</exception>
    public static void CheckVersion(SqliteConnection connection, string path)
    {
        long version = OwnerAndVersion(connection).Version;
        if (version > SqliteSchema.Version) throw NewerData(path, version);
        if (version < SqliteSchema.Version) throw new IOException($"'{path}' has data of version {version}, and this program works with version {SqliteSchema.Version}. Start the server on the file once: it upgrades the data.");
    }

    /// <exception cref="IOException">The file belongs to another program, or to a newer version of this one.</exception>
    public static void PrepareSchema(SqliteConnection connection, string path)
    {
        (long owner, long version) = OwnerAndVersion(connection);
        bool isNew = owner == 0 && version == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && owner != ApplicationId) throw new IOException($"'{path}' is the database of another program.");
        if (version > SqliteSchema.Version) throw NewerData(path, version);

        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
        if (version == SqliteSchema.Version) return;

        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (string step in SqliteSchema.StepsFrom((int)version)) Execute(connection, step);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SqliteSchema.Version};"));
        transaction.Commit();
    }

    /// <exception cref="IOException">The file is no data file of a server.</exception>
    private static void CheckOwner(SqliteConnection connection, string path)
    {
        if (OwnerAndVersion(connection).Owner != ApplicationId) throw new IOException($"'{path}' is not a data file of acm-server.");
    }

    private static IOException NewerData(string path, long version) =>
        new($"'{path}' has data of version {version}; this server reads up to version {SqliteSchema.Version}. Use the newer server, or specify another file with --data.");

    private static (long Owner, long Version) OwnerAndVersion(SqliteConnection connection) =>
        (Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"));

    /// <summary>Closes it and changes nothing, where closing would else move the write-ahead log into a file that may be damaged.</summary>
    public static void CloseUntouched(SqliteConnection connection)
    {
        if (connection.Handle is { } database) _ = raw.sqlite3_db_config(database, NoCheckpointOnClose, 1, out _);
        connection.Dispose();
    }

    /// <summary>One line that names the file and tells what to do.</summary>
    public static StorageException Unusable(string path, Exception error)
    {
        // A missing table, a damaged page, another header; all else (locked, full, not allowed) is no fault of the file.
        bool isOfTheSystem = error is SqliteException { SqliteErrorCode: not (raw.SQLITE_ERROR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB) };
        string reason = error is SqliteException ? error.Message : "it holds a value that no server writes.";
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
#pragma warning disable CA2100 // Every text that comes here is a constant of this folder.
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
