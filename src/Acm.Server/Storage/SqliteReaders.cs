using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Connections that read contents beside the writer, as many as are used at once.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private readonly ConcurrentBag<SqliteCommand> _idle = [];

    public byte[] Content(long revision)
    {
        if (!_idle.TryTake(out SqliteCommand? command)) command = Create();

        object? content;
        try
        {
            command.Parameters[0].Value = revision;
            content = command.ExecuteScalar();
        }
        catch
        {
            // What state a failed read leaves is not known; the next read opens anew.
            Close(command);
            throw;
        }

        _idle.Add(command);
        return content as byte[] ?? throw new StorageException($"Change {revision} has no content.");
    }

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
