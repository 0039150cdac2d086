using System.Text.RegularExpressions;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;

namespace Acm.Conformance.Comparing;

/// <summary>Compares two rows: HTTP responses, gRPC responses or notes.</summary>
internal sealed partial class RowComparison(ValueComparison values)
{
    // In seconds: the minimum time of a held poll, and the tolerances of that minimum and of the hold time.
    private const double Held = 1.0;
    private const double BorderSlack = 0.1;
    private const double HoldTolerance = 0.2;
    private const double HoldSlack = 1.0;

    private static readonly HashSet<string> Headers =
    [
        "content-type", "content-md5", "config-type", "encrypted-data-key", "isbeta", "tag", "vipserver-tag", "last-modified", "content-disposition", "authorization",
        "www-authenticate", "location", "retry-after", "cache-control", "pragma",
    ];

    private static readonly HashSet<string> OwnMembers =
    [
        "scenario", "step", "at", "request", "response", "elapsed_ms", "listing", "seconds", "stream_end", "waited",
    ];

    private readonly BodyComparison _bodies = new(values);

    /// <param name="real">The row of the real server.</param>
    /// <param name="ours">The row of the server under test.</param>
    /// <param name="isListed">Whether a listing of the zip follows as a separate step.</param>
    public List<Difference> Compare(Row real, Row ours, bool isListed = false)
    {
        JsonMap? request = real.Request;
        values.Begin(real.At, ours.At, $"{request?.Text("path") ?? request?.Text("type")}?{request?.Text("query")}");
        string kind = Kind(real);
        if (kind != Kind(ours)) values.Add("shape", "row", kind, Kind(ours));
        else if (kind == "note") CompareNotes(real, ours);
        else if (kind == "http") CompareHttp(real, ours, isListed);
        else CompareGrpc(real.Response ?? new JsonMap(), ours.Response ?? new JsonMap());

        string? after = real.Members.Text("after");
        if (after != ours.Members.Text("after") && real.Response?.Text("type") != "ClientDetectionRequest") values.Add("shape", "push came after", after, ours.Members.Text("after"));
        return values.Found;
    }

    private static string Kind(Row row) => row.IsNote ? "note" : row.Response?.Has("status") == true ? "http" : "grpc";

    private void CompareHttp(Row real, Row ours, bool isListed)
    {
        JsonMap a = real.Response!;
        JsonMap b = ours.Response!;
        if (a.Number("status") != b.Number("status"))
        {
            values.Add("status", "status", StatusLine(a), StatusLine(b));
        }
        else if (a.Has("error") || b.Has("error"))
        {
            if (a.Text("error") != b.Text("error")) values.Add("status", "no answer", a["error"], b["error"]);
        }
        else
        {
            CompareHeaders(a, b);
            bool isConfig = HeaderPairs(a).Any(h => h.Name is "content-md5" or "config-type") && !EnvelopePath().IsMatch(values.Path);
            _bodies.Compare(a, b, a.Number("status"), isConfig, real.IsPoll, isListed);
        }

        if (real.IsPoll) CompareTimes("answered", real.Elapsed / 1000, ours.Elapsed / 1000);
    }

    private static Words StatusLine(JsonMap response)
    {
        string brief = BodyComparison.Brief(response);
        return new Words($"{response.Number("status")} {Display.Show(response.Has("error") ? response["error"] : brief[..Math.Min(60, brief.Length)])}");
    }

    private static IEnumerable<(string Name, string Value)> HeaderPairs(JsonMap response) =>
        (response["headers"] as List<object?> ?? []).Cast<List<object?>>().Select(pair => (((string)pair[0]!).ToLowerInvariant(), (string)pair[1]!));

    private void CompareHeaders(JsonMap real, JsonMap ours)
    {
        Dictionary<string, object> a = Compared(real, values.RealAt);
        Dictionary<string, object> b = Compared(ours, values.OursAt);
        foreach (string name in a.Keys.Union(b.Keys).Order(StringComparer.Ordinal))
        {
            object x = a.GetValueOrDefault(name, Words.Absent);
            object y = b.GetValueOrDefault(name, Words.Absent);
            if (!Equals(x, y)) values.Add("header", name, x, y, name is "cache-control" or "pragma");
        }
    }

    private static Dictionary<string, object> Compared(JsonMap response, double at) =>
        HeaderPairs(response)
            .Where(h => Headers.Contains(h.Name) || h.Name.StartsWith("probe-modify-response", StringComparison.Ordinal))
            .GroupBy(h => h.Name, h => h.Value)
            .ToDictionary(g => g.Key, g => HeaderValue(g.Key, string.Join(", ", g), at));

    /// <summary>Returns the significant part of a header.</summary>
    private static object HeaderValue(string name, string value, double at)
    {
        switch (name)
        {
            case "content-type":
                Match charset = Charset().Match(value);
                return value.Split(';')[0].Trim().ToLowerInvariant() + (charset.Success ? ";charset=" + charset.Groups[1].Value.ToLowerInvariant() : "");
            case "content-disposition":
                return ChangingValues.DigitsMasked(ChangingValues.Masked(value, at));
            case "last-modified" or "authorization":
                return new Words("(present)");
            case "location" or "www-authenticate":
                return ChangingValues.Masked(value, at);
            default:
                // The changed keys, in any order.
                return name.StartsWith("probe-modify-response", StringComparison.Ordinal) ? string.Concat(KeyEnd().Split(value).Order(StringComparer.Ordinal)) : value;
        }
    }

    /// <summary>Compares the durations of two long polls in seconds.</summary>
    private void CompareTimes(string place, double real, double ours)
    {
        bool crossed = real >= Held != (ours >= Held) && Math.Abs(real - ours) > BorderSlack;
        bool otherHold = Math.Min(real, ours) >= Held && Math.Abs(real - ours) > Math.Max(HoldTolerance * real, HoldSlack);
        if (crossed || otherHold) values.Add("timing", place, TimeText(real), TimeText(ours));
    }

    private static Words TimeText(double seconds) => new(seconds >= Held ? $"held {seconds:F1} s" : $"at once ({seconds:F2} s)");

    private void CompareGrpc(JsonMap real, JsonMap ours)
    {
        if (real.Has("error") || ours.Has("error"))
        {
            string? a = ErrorOrType(real);
            string? b = ErrorOrType(ours);
            if (a != b) values.Add("status", "answer", a, b);
            else values.CompareHuman("error", real.Text("error")!, ours.Text("error")!);
            return;
        }

        AddIf(real.Text("type") != ours.Text("type"), "status", "type", real, ours, isSoft: false);
        AddIf(string.IsNullOrEmpty(real.Text("client_ip")) != string.IsNullOrEmpty(ours.Text("client_ip")), "shape", "client_ip", real, ours, isSoft: true);
        AddIf(real.Text("type_url") != ours.Text("type_url"), "body", "type_url", real, ours, isSoft: true);
        AddIf(JsonValue.Write(real["unknown_fields"]) != JsonValue.Write(ours["unknown_fields"]), "shape", "unknown_fields", real, ours, isSoft: true);
        values.Compare("headers", real.Map("headers") ?? new JsonMap(), ours.Map("headers") ?? new JsonMap());
        _bodies.Compare(real, ours, 200);
    }

    private static string? ErrorOrType(JsonMap response) => response.Text("error")?.Split(':')[0] ?? response.Text("type");

    private void AddIf(bool differs, string kind, string member, JsonMap real, JsonMap ours, bool isSoft)
    {
        if (differs) values.Add(kind, member, real[member], ours[member], isSoft);
    }

    private void CompareNotes(Row real, Row ours)
    {
        values.Compare("note", NoteOf(real), NoteOf(ours));
        _bodies.CompareEntries("zip", real.Members["listing"], ours.Members["listing"]);
        string realEnd = EndOf(real);
        if (realEnd != EndOf(ours))
        {
            // One difference per connection; its consequences are soft.
            string connection = real.Members.Text("connection") ?? values.Step;
            values.Add("status", "end of the stream", real.Members["stream_end"], ours.Members["stream_end"], values.IsReported(values.Step.Split('/')[0], connection));
        }

        bool isTimed = real.Step.EndsWith("-result", StringComparison.Ordinal) && real.Members.Has("seconds") && ours.Members.Has("seconds");
        if (isTimed) CompareTimes("seconds to the answer", real.Members.Number("seconds"), ours.Members.Number("seconds"));
    }

    private static string EndOf(Row row) => (row.Members.Text("stream_end") ?? "None").Split(':', '(')[0];

    private static JsonMap NoteOf(Row row)
    {
        var note = new JsonMap();
        foreach (string name in row.Members.Names.Where(n => !OwnMembers.Contains(n)))
        {
            note[name] = name == "note" ? Within().Replace(row.Members.Text(name) ?? "", "within N s") : row.Members[name];
        }

        return note;
    }

    [GeneratedRegex("/v[23]/")]
    private static partial Regex EnvelopePath();

    [GeneratedRegex(@";\s*charset=""?([^;""\s]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Charset();

    [GeneratedRegex("(?<=;)|(?<=%01)")]
    private static partial Regex KeyEnd();

    [GeneratedRegex(@"within [0-9.]+ s")]
    private static partial Regex Within();
}
