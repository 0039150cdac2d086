using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>
/// Zips of the Nacos console (tests/Conformance/Recordings: export-import): entries named <c>group/dataId</c>, and a last entry with metadata, in one of two layouts.
/// Neither contains tags.
/// </summary>
internal static class ConsoleZip
{
    /// <summary>The entry with type, description and application name of each configuration, in YAML.</summary>
    public const string Metadata = ".metadata.yml";

    /// <summary>The entry with application names, in the older layout.</summary>
    public const string OldMetadata = ".meta.yml";

    private const string OldMark = ".app=";

    /// <summary>Returns the path of a configuration.</summary>
    public static string PathOf(ConfigKey key) => key.Group + "/" + key.DataId;

    /// <summary>Returns the configuration of a path; null if it is not one.</summary>
    public static ConfigKey? KeyOf(string path)
    {
        string[] names = path.Split('/');
        return names.Length == 2 && names.All(name => name.Length > 0 && name is not ("." or "..") && name.IndexOf('\0') < 0) ? new ConfigKey(names[1], names[0]) : null;
    }

    /// <summary>Creates the metadata of the newer layout.</summary>
    /// <param name="items">The configurations. The import requires a type for each.</param>
    public static byte[] Write(IReadOnlyCollection<(ConfigKey Key, ConfigMetadata Metadata)> items)
    {
        if (items.Count == 0) return "metadata: []\n"u8.ToArray();

        // The console imports "null" as text, so missing values are omitted.
        var text = new StringBuilder("metadata:\n");
        foreach ((ConfigKey key, ConfigMetadata metadata) in items)
        {
            text.Append("- appName: ").Append(BlockYaml.Scalar(metadata.AppName ?? "")).Append('\n');
            text.Append("  dataId: ").Append(BlockYaml.Scalar(key.DataId)).Append('\n');
            if (!string.IsNullOrEmpty(metadata.Description)) text.Append("  desc: ").Append(BlockYaml.Scalar(metadata.Description!)).Append('\n');
            text.Append("  group: ").Append(BlockYaml.Scalar(key.Group)).Append('\n');
            text.Append("  type: ").Append(BlockYaml.Scalar(metadata.Type ?? "text")).Append('\n');
        }

        return StrictUtf8.GetBytes(text.ToString());
    }

    /// <summary>Creates the metadata of the older layout; empty if no configuration has an application name, in which case the console writes no entry.</summary>
    /// <exception cref="AcmException">Two configurations have the same name in this layout.</exception>
    public static byte[] WriteOld(IReadOnlyCollection<(ConfigKey Key, ConfigMetadata Metadata)> items)
    {
        var text = new StringBuilder();
        var names = new Dictionary<string, ConfigKey>(StringComparer.Ordinal);
        foreach ((ConfigKey key, ConfigMetadata metadata) in items)
        {
            if (string.IsNullOrEmpty(metadata.AppName)) continue;

            string name = OldNameOf(key);
            if (names.TryGetValue(name, out ConfigKey? other))
                throw new AcmException(AcmErrorKind.InvalidKey, $"'{key}' and '{other}' have the same name in the older layout of the Nacos console, '{name}'.") { Key = key, Advice = "Export them in the newer layout." };

            names.Add(name, key);
            text.Append(name).Append(OldMark).Append(metadata.AppName).Append("\r\n");
        }

        return StrictUtf8.GetBytes(text.ToString());
    }

    /// <summary>Reads the metadata of the newer layout.</summary>
    /// <param name="bytes">The content of the entry.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="FormatException">The format is not valid.</exception>
    public static TransferRecord Read(byte[] bytes, CancellationToken cancellationToken)
    {
        var record = new TransferRecord();
        foreach (IReadOnlyDictionary<string, string> row in BlockYaml.Rows(StrictUtf8.TryGetString(bytes) ?? throw new FormatException("it is not UTF-8"), cancellationToken))
        {
            if (!row.TryGetValue("dataId", out string? dataId) || !row.TryGetValue("group", out string? group)) throw new FormatException("an item has no dataId or no group");

            Add(record, new ConfigKey(dataId, group), new ConfigMetadata { Type = Given(row, "type"), Description = Given(row, "desc"), AppName = Given(row, "appName") });
        }

        return record;
    }

    /// <summary>Reads the metadata of the older layout. Its names are ambiguous and cannot be split, so they are looked up by the given configurations.</summary>
    public static TransferRecord ReadOld(byte[] bytes, IEnumerable<ConfigKey> keys)
    {
        string text = StrictUtf8.TryGetString(bytes) ?? throw new FormatException("it is not UTF-8");
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            int equals = line.IndexOf(OldMark, StringComparison.Ordinal);
            if (equals > 0) names[line.Substring(0, equals)] = line.Substring(equals + OldMark.Length).TrimEnd('\r');
        }

        var record = new TransferRecord();
        foreach (ConfigKey key in keys)
        {
            if (names.TryGetValue(OldNameOf(key), out string? appName) && appName.Length > 0) Add(record, key, new ConfigMetadata { AppName = appName });
        }

        return record;
    }

    /// <summary>Returns the name in the older layout, which replaces the last dot of a data ID.</summary>
    private static string OldNameOf(ConfigKey key)
    {
        int dot = key.DataId.LastIndexOf('.');
        return key.Group + "." + (dot < 0 ? key.DataId : key.DataId.Substring(0, dot) + "~" + key.DataId.Substring(dot + 1));
    }

    private static void Add(TransferRecord record, ConfigKey key, ConfigMetadata metadata) =>
        record.Files[PathOf(key)] = new TransferRecordEntry { Key = key, Metadata = metadata };

    private static string? Given(IReadOnlyDictionary<string, string> row, string name) => row.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}
