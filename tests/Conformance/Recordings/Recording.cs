using System.IO.Compression;
using System.Text;
using Acm.Conformance.Json;

namespace Acm.Conformance.Recordings;

/// <summary>The recorded responses of a server: a list of rows for each family.</summary>
internal sealed class Recording
{
    private readonly List<(string Family, List<Row> Rows)> _families = [];

    public IEnumerable<(string Family, List<Row> Rows)> Families => _families;

    public IEnumerable<Row> AllRows => _families.SelectMany(family => family.Rows);

    /// <summary>Returns the compared rows by family and scenario, in the order of their first occurrence.</summary>
    public IReadOnlyList<((string Family, string Scenario) Key, List<Row> Rows)> Scenarios =>
        [.. _families.SelectMany(family => family.Rows.Where(row => !row.IsIgnored(family.Family)).Select(row => (Key: (family.Family, row.Scenario), Row: row)))
            .GroupBy(x => x.Key, x => x.Row)
            .Select(group => (group.Key, group.ToList()))];

    /// <summary>Reads a recording that was created by pack.py.</summary>
    public static Recording Load(string version)
    {
        var recording = new Recording();
        using Stream file = typeof(Recording).Assembly.GetManifestResourceStream(version + ".zip") ?? throw new FileNotFoundException($"No recording of version '{version}'.");
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            string family = Path.GetFileNameWithoutExtension(entry.FullName);
            while (reader.ReadLine() is { } line) recording.Add(family, new Row((JsonMap)JsonValue.Parse(line)!));
        }

        return recording;
    }

    public void Add(string family, Row row)
    {
        List<Row>? rows = _families.FirstOrDefault(f => f.Family == family).Rows;
        if (rows is null) _families.Add((family, rows = []));
        rows.Add(row);
    }

    /// <summary>Returns a deep copy.</summary>
    public Recording Clone()
    {
        var copy = new Recording();
        foreach ((string family, List<Row> rows) in _families) copy._families.Add((family, rows.ConvertAll(row => new Row(row.Members.Clone()))));
        return copy;
    }

    public List<Row> Family(string name) => _families.First(f => f.Family == name).Rows;

    public void RemoveFamily(string name) => _families.RemoveAll(f => f.Family == name);
}
