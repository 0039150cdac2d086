using Acm.Server.Options;
using Microsoft.Data.Sqlite;

namespace Acm.Server.Storage;

/// <summary>Copies a data file, even while a server writes to it.</summary>
internal static class Backup
{
    /// <summary>Writes a backup.</summary>
    /// <exception cref="IOException">The data file cannot be read, or the copy exists or cannot be written.</exception>
    public static void Write(string dataFile, string copy)
    {
        if (!File.Exists(dataFile)) throw new IOException($"Cannot back up '{dataFile}': the file does not exist.");
        if (File.Exists(copy)) throw new IOException($"Cannot write the backup '{copy}': the file exists.");

        // A temporary file, so that the backup is complete or absent. Only the owner may read it.
        string temporary = $"{copy}.{Guid.NewGuid():N}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyMode.Owner;
            using (new FileStream(temporary, options))
            {
            }

            using (SqliteConnection connection = SqliteFile.OpenExisting(dataFile))
            {
                using SqliteCommand command = SqliteFile.Command(connection, "VACUUM INTO $file", "$file");
                command.Parameters[0].Value = temporary;
                command.ExecuteNonQuery();
            }

            File.Move(temporary, copy);
        }
        catch (SqliteException e)
        {
            throw new IOException($"Cannot back up '{dataFile}': {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"Cannot write the backup '{copy}': {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
