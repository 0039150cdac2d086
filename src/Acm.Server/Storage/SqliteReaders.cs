using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>A pool of connections for concurrent reads.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private readonly ConcurrentBag<SqliteCommand> _idle = [];

    public byte[] Content(long revision) =>
        Use(command =>
        {
            command.Parameters[0].Value = revision;
            return command.ExecuteScalar() as byte[];
        })
        ?? throw new StorageException($"Change {revision} has no content.");

    /// <summary>Reads with a connection of the pool.</summary>
    public T Read<T>(Func<SqliteConnection, T> read) => Use(command => read(command.Connection!));

    public void Dispose()
    {
        while (_idle.TryTake(out SqliteCommand? command)) Close(command);
    }

    private static void Close(SqliteCommand command)
    {
        SqliteConnection? connection = command.Connection;
        command.Dispose();
        connection?.Dispose();
    }

    // A connection is pooled together with its prepared command for contents, because nearly all reads use it.
    private T Use<T>(Func<SqliteCommand, T> read)
    {
        if (!_idle.TryTake(out SqliteCommand? command)) command = Create();

        T result;
        try
        {
            result = read(command);
        }
        catch
        {
            // The state after a failed read is unknown, so the connection is not reused.
            Close(command);
            throw;
        }

        _idle.Add(command);
        return result;
    }

    private SqliteCommand Create()
    {
        SqliteConnection connection = SqliteFile.Open(path);
        try
        {
            SqliteFile.Execute(connection, "PRAGMA query_only = 1");
            return SqliteFile.Command(connection, "SELECT content FROM history WHERE id = $id", "$id");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
