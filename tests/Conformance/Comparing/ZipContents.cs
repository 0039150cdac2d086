using System.IO.Compression;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Acm.Conformance.Json;

namespace Acm.Conformance.Comparing;

/// <summary>The contents of an exported zip in the format of the recorder.</summary>
internal static partial class ZipContents
{
    // The recorder truncates each text of a listing to this length.
    private const int ListedCharacters = 2000;

    /// <summary>Returns the names and texts of the entries; null if the bytes are not a zip.</summary>
    public static List<object?>? Entries(byte[] bytes)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            return zip.Entries.Select(object? (entry) =>
            {
                var item = new JsonMap();
                item["name"] = entry.FullName;
                item["text"] = TextOf(entry);
                return item;
            }).ToList();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Returns the note that the recorder writes after an export.</summary>
    public static object? Listing(byte[] bytes)
    {
        if (Entries(bytes) is not { } entries) return "not a zip";

        foreach (JsonMap entry in entries.Cast<JsonMap>())
        {
            string text = entry.Text("text")!;
            entry["size"] = new BigInteger(Encoding.UTF8.GetByteCount(text));
            entry["text"] = text[..Math.Min(ListedCharacters, text.Length)];
        }

        return entries;
    }

    /// <summary>Returns the rows of a .metadata.yml (a list of flat maps); null if it has another format.</summary>
    public static List<object?>? MetadataRows(string text)
    {
        var rows = new List<object?>();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            Match match = MetadataLine().Match(line.TrimEnd('\r'));
            if (!match.Success) return null;

            string name = match.Groups["name"].Value;
            bool hasValue = match.Groups["single"].Success || match.Groups["double"].Success || match.Groups["plain"].Success;
            bool isFirst = match.Groups["first"].Success;
            if (name == "metadata" && !isFirst && !hasValue) continue;
            if (isFirst) rows.Add(new JsonMap());
            else if (rows.Count == 0 || match.Groups["empty"].Success) return null;

            ((JsonMap)rows[^1]!)[name] = ValueOf(match);
        }

        return rows;
    }

    private static object? ValueOf(Match match)
    {
        if (match.Groups["single"].Success) return match.Groups["single"].Value.Replace("''", "'", StringComparison.Ordinal);
        if (match.Groups["double"].Success) return JsonValue.Parse(match.Groups["double"].Value);

        return match.Groups["plain"] is { Success: true, Value: not ("null" or "~") } plain ? plain.Value : null;
    }

    private static string TextOf(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""\A\s*(?<first>- )?\s*(?<name>\w+):\s*(?:'(?<single>(?:[^']|'')*)'|(?<double>"(?:[^"\\]|\\.)*")|(?<plain>[^'"|>&*!{[].*?)|(?<empty>\[\])|)\s*\z""")]
    private static partial Regex MetadataLine();
}
