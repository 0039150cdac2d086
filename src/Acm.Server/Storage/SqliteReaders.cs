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

        command.Parameters[0].Value = revision;
        object? content = command.ExecuteScalar();
        _idle.Add(command);
        return content as byte[] ?? throw new IOException($"Change {revision} has no content.");
    }

    public void Dispose()
    {
        while (_idle.TryTake(out SqliteCommand? command))
        {
            SqliteConnection? connection = command.Connection;
            command.Dispose();
            connection?.Dispose();
        }
    }

    private SqliteCommand Create()
    {
        SqliteConnection connection = SqliteFile.Open(path);
        SqliteFile.Execute(connection, "PRAGMA query_only = 1");
        return SqliteFile.Command(connection, "SELECT content FROM history WHERE id = $id", "$id");
    }
}
