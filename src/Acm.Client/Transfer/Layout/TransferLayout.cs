namespace Acm.Client.Transfer;

/// <summary>
/// Which file of an exported folder or zip holds which configuration. It is the Python CLI's layout, so that each reads what the other wrote: DEFAULT_GROUP at the top
/// as <c>{dataId}</c>, other groups as <c>{group}/{dataId}</c>. Names that are no file names everywhere are escaped (<see cref="TransferName"/>), and so
/// are those that a file system would take for one another: names that differ in case only, and a data id called like a group.
/// Paths are relative, with <c>/</c> on every platform.
/// </summary>
internal sealed class TransferLayout
{
    /// <summary>
    /// Folder of the data ids of DEFAULT_GROUP whose place at the top a group's folder has. It reads back as the group's name; the
    /// name itself is not used, because the Python CLI can't read a folder of that name.
    /// </summary>
    private const string DefaultGroupFolder = "%44EFAULT_GROUP";

    private readonly Dictionary<ConfigKey, string> _paths = [];

    private TransferLayout()
    {
    }

    /// <summary>
    /// Lays out the configurations of a namespace. It takes all of them, also where some only are exported: else what a later export
    /// adds could collide with what is there.
    /// </summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>, if a name can't be a file name even when escaped.</exception>
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

    /// <summary>The path of a configuration that the layout was made of.</summary>
    public string PathOf(ConfigKey key) => _paths[key];

    /// <summary>Whether a path is not what a reader makes of the key without being told: it is escaped, and goes into the record.</summary>
    public static bool IsEscaped(string path) => path.IndexOf('%') >= 0;

    /// <summary>Whether a file, or a folder on the way to it, is hidden: what lies there is nobody's configuration, and is left alone.</summary>
    public static bool IsHidden(string path) => path.Split('/').Any(TransferName.IsHidden);

    /// <summary>What a file stands for.</summary>
    /// <param name="path">Its path, relative, with <c>/</c>.</param>
    /// <param name="record">What the export recorded; null where there is no record. Only names that were too long depend on it.</param>
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

    /// <summary>The file of a path below a folder.</summary>
    public static string Under(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    // The record only tells what the name is; that the file is made for it shows its hash.
    private static TransferPath ReadShortened(string path, string[] names, TransferRecord? record)
    {
        if (record is null || !record.Files.TryGetValue(path, out TransferRecordEntry? entry))
            return TransferPath.Invalid($"'{path}' stands for a name that is too long for a file, and '{TransferRecord.FileName}', which holds the name, is missing or does not list it.");

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

    /// <summary>File names for the names of one folder. Of those that differ in case only the last in ordinal order keeps its spelling: small letters come after capitals.</summary>
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
