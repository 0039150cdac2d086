using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Connections that read contents and history beside the writer, as many as are used at once.</summary>
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

    /// <summary>Reads with a connection of its own.</summary>
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

    // A connection is kept together with its prepared read of a content, which is what nearly all reads are.
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
            // What state a failed read leaves is not known; the next read opens anew.
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
