namespace Acm.Client.Transfer;

/// <summary>
/// Maps configurations to the files of an exported folder or zip. The layout is that of the Python CLI, so each can read the other's exports: DEFAULT_GROUP at the top
/// as <c>{dataId}</c>, other groups as <c>{group}/{dataId}</c>. Names that are not valid file names on all platforms are escaped (<see cref="TransferName"/>), as
/// are names that a case-insensitive file system cannot distinguish, and data IDs with the name of a group.
/// Paths are relative, with <c>/</c> on all platforms.
/// </summary>
internal sealed class TransferLayout
{
    /// <summary>
    /// The folder for data IDs of DEFAULT_GROUP whose name is also that of a group's folder. Unescaped it is the group's name; the
    /// plain name is not used, because the Python CLI cannot read a folder with it.
    /// </summary>
    private const string DefaultGroupFolder = "%44EFAULT_GROUP";

    private readonly Dictionary<ConfigKey, string> _paths = [];

    private TransferLayout()
    {
    }

    /// <summary>
    /// Creates the layout of a namespace. It must include all configurations, even if only some are exported; otherwise a later export
    /// could conflict with existing files.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: a name cannot be a file name even when escaped.</exception>
    public static TransferLayout Of(IEnumerable<ConfigKey> keys)
    {
        var layout = new TransferLayout();
        ILookup<string, string> groups = keys.Distinct().ToLookup(key => key.Group, key => key.DataId, StringComparer.Ordinal);
        string[] names = [.. groups.Select(group => group.Key).Where(name => name != ConfigKey.DefaultGroup)];
        var folders = new HashSet<string>(names.Select(name => TransferName.Fold(TransferName.Write(name))), StringComparer.Ordinal);

        ILookup<bool, string> isTaken = groups[ConfigKey.DefaultGroup].ToLookup(dataId => folders.Contains(TransferName.Fold(TransferName.Write(dataId))));
        layout.Add(ConfigKey.DefaultGroup, "", isTaken[false]);
        layout.Add(ConfigKey.DefaultGroup, DefaultGroupFolder + "/", isTaken[true]);
        foreach ((string group, string folder) in Distinguish(names)) layout.Add(group, folder + "/", groups[group]);
        return layout;
    }

    /// <summary>Returns the path of a configuration of the layout.</summary>
    public string PathOf(ConfigKey key) => _paths[key];

    /// <summary>Returns whether a path is escaped and therefore listed in the record.</summary>
    public static bool IsEscaped(string path) => path.IndexOf('%') >= 0;

    /// <summary>Returns whether a file or its folder is hidden, and is therefore ignored.</summary>
    public static bool IsHidden(string path) => path.Split('/').Any(TransferName.IsHidden);

    /// <summary>Determines the configuration of a file.</summary>
    /// <param name="path">The relative path, with <c>/</c>.</param>
    /// <param name="record">The record of the export; null if there is none. Needed for shortened names only.</param>
    public static TransferPath Read(string path, TransferRecord? record)
    {
        string[] names = path.Split('/');
        if (names.Any(name => name.Length == 0 || name is "." or ".." || name.IndexOfAny(['\\', '\0']) >= 0))
            return TransferPath.Invalid($"'{path}' is not a valid relative path.");
        if (names.Any(TransferName.IsHidden)) return TransferPath.Hidden;
        if (names.Length > 2) return TransferPath.TooDeep;
        if (names.Any(TransferName.IsShortened)) return ReadShortened(path, names, record);

        string? group = names.Length == 1 ? ConfigKey.DefaultGroup : TransferName.Read(names[0]);
        return group is not null && TransferName.Read(names[names.Length - 1]) is { } dataId
            ? TransferPath.Config(new ConfigKey(dataId, group))
            : TransferPath.Invalid($"'{path}' has a % that does not begin a valid escape.");
    }

    /// <summary>Returns the path of a file below a folder.</summary>
    public static string Under(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    // The record contains the full name; the hash in the file name verifies it.
    private static TransferPath ReadShortened(string path, string[] names, TransferRecord? record)
    {
        if (record is null || !record.Files.TryGetValue(path, out TransferRecordEntry? entry))
            return TransferPath.Invalid($"'{path}' is the shortened form of a name, but '{TransferRecord.FileName}', which contains the full name, is missing or does not list it.");

        ConfigKey key = entry.Key;
        bool isOfKey = (names.Length == 1 ? key.Group == ConfigKey.DefaultGroup : IsWrittenFor(names[0], key.Group)) && IsWrittenFor(names[names.Length - 1], key.DataId);
        return isOfKey ? TransferPath.Config(key) : TransferPath.Invalid($"'{TransferRecord.FileName}' lists '{path}' for '{key}', but the path belongs to another name.");
    }

    private static bool IsWrittenFor(string fileName, string name) =>
        TransferName.IsShortened(fileName) ? fileName == TransferName.Write(name) || fileName == TransferName.WriteDistinct(name) : TransferName.Read(fileName) == name;

    private void Add(string group, string prefix, IEnumerable<string> dataIds)
    {
        foreach ((string dataId, string fileName) in Distinguish(dataIds)) _paths[new ConfigKey(dataId, group)] = prefix + fileName;
    }

    /// <summary>Returns file names for the names in one folder. Of names that differ only in case, the last in ordinal order keeps its spelling: lower case sorts after upper case.</summary>
    private static IEnumerable<(string Name, string FileName)> Distinguish(IEnumerable<string> names)
    {
        foreach (IGrouping<string, string> alike in names.GroupBy(name => TransferName.Fold(TransferName.Write(name)), StringComparer.Ordinal))
        {
            string[] sorted = [.. alike.OrderByDescending(name => name, StringComparer.Ordinal)];
            yield return (sorted[0], TransferName.Write(sorted[0]));
            foreach (string name in sorted.Skip(1)) yield return (name, TransferName.WriteDistinct(name));
        }
    }
}
