using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Stores the server's secrets: persistent random bytes.</summary>
internal static class SqliteSecrets
{
    public static byte[] GetOrMake(SqliteConnection connection, string name, int length)
    {
        using SqliteCommand find = SqliteFile.Command(connection, "SELECT value FROM secrets WHERE name = $name", "$name");
        find.Parameters[0].Value = name;
        if (find.ExecuteScalar() is byte[] known) return known;

        byte[] secret = RandomNumberGenerator.GetBytes(length);
        using SqliteCommand add = SqliteFile.Command(connection, "INSERT INTO secrets (name, value) VALUES ($name, $value)", "$name", "$value");
        add.Parameters[0].Value = name;
        add.Parameters[1].Value = secret;
        add.ExecuteNonQuery();
        return secret;
    }
}
