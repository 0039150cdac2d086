using Acm.Conformance.Json;

namespace Acm.Conformance.Comparing;

/// <summary>Compares bodies: JSON, text, the keys in a long poll's response, zips, and bodies that were too long to record.</summary>
internal sealed class BodyComparison(ValueComparison values)
{
    /// <param name="real">The response of the real server.</param>
    /// <param name="ours">The response of the server under test.</param>
    /// <param name="status">The status of both responses.</param>
    /// <param name="isExact">Whether the body is the content of a configuration.</param>
    /// <param name="isPoll">Whether the response belongs to a long poll.</param>
    /// <param name="isListed">Whether a listing of the zip follows as a separate step.</param>
    public void Compare(JsonMap real, JsonMap ours, double status, bool isExact = false, bool isPoll = false, bool isListed = false)
    {
        string form = Form(real);
        if (form != Form(ours))
        {
            values.Add("shape", "body", Brief(real), Brief(ours));
            return;
        }

        if (form == "body_note")
        {
            CompareLong(real.Map(form)!, ours.Map(form)!);
            return;
        }

        string a = real.Text(form) ?? "";
        string b = ours.Text(form) ?? "";
        if (form == "body_base64") CompareBinary(a, b, isListed);
        else if (isPoll && status == 200 && a.Contains("%01", StringComparison.Ordinal) && b.Contains("%01", StringComparison.Ordinal)) CompareKeys(a, b);
        else if (isExact) AddIf(a != b, a, b);
        else CompareText(a, b, status);
    }

    public void CompareEntries(string place, object? real, object? ours)
    {
        if (real is not List<object?> x || ours is not List<object?> y)
        {
            if (JsonValue.Kind(real) != JsonValue.Kind(ours)) values.Add("shape", place, ZipOr(real), ZipOr(ours));
            return;
        }

        List<JsonMap> left = [.. y.Cast<JsonMap>()];
        string[] names = [.. x.Select(e => ((JsonMap)e!).Text("name")!)];
        string[] oursNames = [.. left.Select(e => e.Text("name")!)];
        if (!names.SequenceEqual(oursNames) && names.Order(StringComparer.Ordinal).SequenceEqual(oursNames.Order(StringComparer.Ordinal)))
        {
            values.Add("shape", place, new Words("order of the entries"), new Words("another order"), isSoft: true);
        }

        foreach (JsonMap entry in x.Cast<JsonMap>())
        {
            string name = entry.Text("name")!;
            JsonMap? other = left.Find(e => e.Text("name") == name);
            if (other is not null) left.Remove(other);
            CompareEntry($"{place}[{name}]", name, entry, other);
        }

        foreach (JsonMap entry in left) values.Add("shape", $"{place}[{entry.Text("name")}]", Words.Absent, entry["text"]);
    }

    public static string Brief(JsonMap response)
    {
        if (response.Map("body_note") is { } note) return $"{note.Number("bytes")} bytes: {note.Text("head")}";
        if (response.Text("body_base64") is { } binary) return "binary: " + binary;

        string body = response.Text("body") ?? "";
        return System.Text.RegularExpressions.Regex.Replace(body, "\"timestamp\":\"[^\"]*\",", "");
    }

    private static string Form(JsonMap response) => response.Has("body_note") ? "body_note" : response.Has("body_base64") ? "body_base64" : "body";

    private static object? ZipOr(object? listing) => listing is List<object?> ? new Words("a zip") : listing;

    private void AddIf(bool differs, string real, string ours)
    {
        if (differs) values.Add("body", "body", real, ours);
    }

    private void CompareEntry(string where, string name, JsonMap entry, JsonMap? other)
    {
        string text = entry.Text("text")!;
        if (other?.Text("text") is not { } ours)
        {
            values.Add("shape", where, text, Words.Absent);
            return;
        }

        bool isMetadata = name == ".metadata.yml";
        if (isMetadata && ZipContents.MetadataRows(text) is { } a && ZipContents.MetadataRows(ours) is { } b)
        {
            values.CompareLists(where, a, b, "pageItems");
        }
        else if (text != ours && !(name == ".meta.yml" && Sorted(text) == Sorted(ours)))
        {
            values.Add("body", where, text, ours);
        }
        else if (!isMetadata && !Equals(entry["size"], other["size"]))
        {
            values.Add("body", where + " size", entry["size"], other["size"]);
        }
    }

    private static string Sorted(string lines) => string.Join('\n', lines.ReplaceLineEndings("\n").Split('\n').Order(StringComparer.Ordinal));

    private void CompareBinary(string real, string ours, bool isListed)
    {
        List<object?>? a = ZipContents.Entries(Convert.FromBase64String(real));
        List<object?>? b = ZipContents.Entries(Convert.FromBase64String(ours));
        if (a is not null && b is not null)
        {
            if (!isListed) CompareEntries("zip", a, b);
        }
        else if (real != ours)
        {
            values.Add("body", "body (base64)", real, ours);
        }
    }

    private void CompareKeys(string real, string ours)
    {
        string[] x = [.. real.Split("%01")];
        string[] y = [.. ours.Split("%01")];
        bool isSameSet = x[..^1].Order(StringComparer.Ordinal).SequenceEqual(y[..^1].Order(StringComparer.Ordinal)) && x[^1] == y[^1];
        if (!isSameSet) values.Add("body", "body", real, ours);
        else if (real != ours) values.Add("body", "body", new Words($"order of {x.Length - 1} keys"), new Words("another order"), isSoft: true);
    }

    private void CompareText(string real, string ours, double status)
    {
        object? a = JsonValue.ParseStructure(real);
        object? b = JsonValue.ParseStructure(ours);
        if (JsonValue.Kind(a) != JsonValue.Kind(b)) values.Add("shape", "body", real, ours);
        else if (a is not null) values.Compare("body", a, b);
        else if (status >= 400) values.CompareHuman("body", real, ours);
        else AddIf(ChangingValues.Masked(real, values.RealAt) != ChangingValues.Masked(ours, values.OursAt), real, ours);
    }

    /// <summary>Compares the length, both ends and the digest of a body that was too long to record. The digest differs if the text contains IDs or times.</summary>
    private void CompareLong(JsonMap real, JsonMap ours)
    {
        LongBody a = LongBody.Of(real, values.RealAt);
        LongBody b = LongBody.Of(ours, values.OursAt);
        if (a.PlainBytes != b.PlainBytes) values.Add("body", "body.bytes", real["bytes"], ours["bytes"]);
        if (a.PlainHead != b.PlainHead) values.Add("body", "body.head", a.Head, b.Head);
        if (a.PlainTail != b.PlainTail) values.Add("body", "body.tail", a.Tail, b.Tail);
        bool isPlain = a.IsPlain && b.IsPlain;
        bool hasMd5 = (a.PlainHead + a.PlainTail).Contains("\"md5\":\"", StringComparison.Ordinal);
        if (real.Text("sha256") != ours.Text("sha256") && (isPlain || !hasMd5)) values.Add("body", "body.sha256", real["sha256"], ours["sha256"], !isPlain);
    }

    private readonly record struct LongBody(double Bytes, string Head, string Tail, string PlainHead, string PlainTail)
    {
        public bool IsPlain => Head == PlainHead && Tail == PlainTail;

        /// <summary>Returns the length with changing parts masked.</summary>
        public double PlainBytes => Bytes + PlainHead.Length - Head.Length + PlainTail.Length - Tail.Length;

        public static LongBody Of(JsonMap note, double at)
        {
            string head = note.Text("head") ?? "";
            string tail = note.Text("tail") ?? "";
            return new LongBody(note.Number("bytes"), head, tail, ChangingValues.MaskedWithIds(head, at), ChangingValues.MaskedWithIds(tail, at));
        }
    }
}
