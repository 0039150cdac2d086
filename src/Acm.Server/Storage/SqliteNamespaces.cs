using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Reads and writes the table of namespaces.</summary>
internal static class SqliteNamespaces
{
    public static IReadOnlyList<NamespaceEntry> All(SqliteConnection connection)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "SELECT id, name, description, created_at FROM namespaces");
        using SqliteDataReader row = command.ExecuteReader();
        var all = new List<NamespaceEntry>();
        while (row.Read()) all.Add(new NamespaceEntry(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))));
        return all;
    }

    public static void Set(SqliteConnection connection, NamespaceEntry entry)
    {
        using SqliteCommand command = SqliteFile.Command(
            connection,
            "INSERT OR REPLACE INTO namespaces (id, name, description, created_at) VALUES ($id, $name, $description, $at)",
            "$id", "$name", "$description", "$at");
        command.Parameters[0].Value = entry.Id;
        command.Parameters[1].Value = entry.Name;
        command.Parameters[2].Value = (object?)entry.Description ?? DBNull.Value;
        command.Parameters[3].Value = entry.CreatedAt.ToUnixTimeMilliseconds();
        command.ExecuteNonQuery();
    }

    public static void Remove(SqliteConnection connection, string id)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "DELETE FROM namespaces WHERE id = $id", "$id");
        command.Parameters[0].Value = id;
        command.ExecuteNonQuery();
    }
}
