using System.Numerics;
using System.Text.RegularExpressions;
using Acm.Conformance.Json;

namespace Acm.Conformance.Comparing;

/// <summary>Compares values: objects, lists, messages, and identifiers, which must be consistent over the whole recording.</summary>
internal sealed partial class ValueComparison
{
    // Texts that client libraries search for: a message that contains one of them on one side only is a difference.
    private static readonly string[] ClientTexts =
    [
        "config data not exist", "Cas publish fail", "token expired!", "token invalid!", "session expired!", "unknown user!", "user not found", "Connection is unregistered",
    ];

    private static readonly HashSet<string> Human = ["message", "msg", "errMsg"];
    private static readonly HashSet<string> Embedded = ["extInfo", "originalExtInfo", "updatedExtInfo", "updateExtInfo", "gray_rule", "grayRule"];
    private static readonly (string Early, string Late)[] TimePairs = [("createTime", "modifyTime"), ("createdTime", "lastModifiedTime"), ("gmtCreate", "gmtModified")];

    private readonly Dictionary<string, (Dictionary<string, (string Other, string Step)> There, Dictionary<string, (string Other, string Step)> Back)> _ids = [];
    private readonly HashSet<(string Space, string Real, string Ours)> _reported = [];

    /// <summary>Gets the differences in the current row.</summary>
    public List<Difference> Found { get; private set; } = [];

    /// <summary>Gets or sets the times of the two rows.</summary>
    public double RealAt { get; private set; }

    public double OursAt { get; private set; }

    /// <summary>Gets or sets the path and query, or the type of a gRPC request.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Gets or sets the current step, after which identifiers are named in reports.</summary>
    public string Step { get; set; } = "";

    public void Begin(double realAt, double oursAt, string path)
    {
        Found = [];
        (RealAt, OursAt, Path) = (realAt, oursAt, path);
    }

    public void Add(string kind, string place, object? real, object? ours, bool isSoft = false) => Found.Add(new Difference(kind, place, real, ours, isSoft));

    /// <summary>Returns the identifier for one of the real recording; null if it has not occurred yet.</summary>
    public string? OursFor(string space, string real) => _ids.TryGetValue(space, out var maps) && maps.There.TryGetValue(real, out var known) ? known.Other : null;

    public bool IsReported(string space, string real) => !_reported.Add((space, real, ""));

    /// <summary>Compares messages: the wording is soft, unless clients search for it, or one side is empty.</summary>
    public void CompareHuman(string place, string real, string ours)
    {
        if (ChangingValues.Masked(real, RealAt) == ChangingValues.Masked(ours, OursAt)) return;

        bool bothSpeak = !string.IsNullOrWhiteSpace(real) && !string.IsNullOrWhiteSpace(ours);
        bool sameForClients = ClientTexts.All(text => real.Contains(text, StringComparison.Ordinal) == ours.Contains(text, StringComparison.Ordinal));
        Add("body", place, real, ours, sameForClients && bothSpeak);
    }

    public void Compare(string place, object? real, object? ours, string name = "", JsonMap? holder = null, bool inError = false)
    {
        if (real is JsonMap a && ours is JsonMap b)
        {
            // The state of the Raft groups is specific to each server.
            if (name != "raftMetaData") CompareObjects(place, a, b, inError);
            return;
        }

        if (real is List<object?> x && ours is List<object?> y)
        {
            CompareLists(place, x, y, name);
            return;
        }

        string? realKind = ChangingValues.KindOf(name, real, RealAt);
        string? oursKind = ChangingValues.KindOf(name, ours, OursAt);
        if (realKind != oursKind || JsonValue.Kind(real) != JsonValue.Kind(ours))
        {
            Add("shape", place, real, ours);
        }
        else if (realKind is not null)
        {
            if (IdSpace(name, realKind, holder) is { } space) CompareIds(space, place, real!.ToString()!, ours!.ToString()!);
        }
        else if (Embedded.Contains(name) && JsonValue.ParseStructure(real as string) is { } inReal && JsonValue.ParseStructure(ours as string) is { } inOurs)
        {
            Compare(place + "(json)", inReal, inOurs);
        }
        else if (real is string realText && (Human.Contains(name) || (name == "data" && inError)))
        {
            CompareHuman(place, realText, (string)ours!);
        }
        else if (!Equals(real, ours) && !IsMaskedEqual(name, real, ours))
        {
            Add(name is "resultCode" or "errorCode" ? "status" : "body", place, real, ours);
        }
    }

    private bool IsMaskedEqual(string name, object? real, object? ours) =>
        real is string a && !ChangingValues.IsExact(name) && name != "data" && ChangingValues.Masked(a, RealAt) == ChangingValues.Masked((string)ours!, OursAt);

    /// <summary>Compares identifiers: equal ones must stay equal, and distinct ones distinct.</summary>
    private void CompareIds(string space, string place, string real, string ours)
    {
        if (!_ids.TryGetValue(space, out var maps)) _ids[space] = maps = ([], []);
        if (!maps.There.TryGetValue(real, out (string Other, string Step) old)) maps.There[real] = old = (ours, Step);
        if (!maps.Back.TryGetValue(ours, out (string Other, string Step) known)) maps.Back[ours] = known = (real, Step);
        if ((old.Other == ours && known.Other == real) || !_reported.Add((space, real, ours))) return;

        if (old.Other != ours) Add("body", place, new Words("the id seen in " + old.Step), new Words("another id"));
        else Add("body", place, new Words("another id than in " + known.Step), new Words("the same id"));
    }

    private string? IdSpace(string name, string kind, JsonMap? holder)
    {
        if (kind is "UUID" or "connection id") return kind;
        if (name is not ("id" or "nid" or "configId" or "cfgId")) return null;
        if (Path.Contains("/capacity", StringComparison.Ordinal)) return holder?.Has("group") == true ? "capacity of group" : "capacity of namespace";

        return HistoryPath().IsMatch(Path) ? "history" : GrayPath().IsMatch(Path) ? "gray" : "config";
    }

    private void CompareObjects(string place, JsonMap real, JsonMap ours, bool inError)
    {
        inError = inError || (real["code"] is BigInteger code && code != 0 && code != 200) || (real.Has("resultCode") && !Equals(real["resultCode"], new BigInteger(200)));
        real = Keyed(real, RealAt, isReal: true);
        ours = Keyed(ours, OursAt, isReal: false);
        foreach (string name in real.Names.Concat(ours.Names.Where(n => !real.Has(n))))
        {
            if (real.Has(name) && ours.Has(name)) Compare($"{place}.{name}", real[name], ours[name], name, real, inError);
            else Add("shape", $"{place}.{name}", Member(real, name), Member(ours, name), (real.Has(name) ? real : ours)[name] is null);
        }

        foreach ((string early, string late) in TimePairs)
        {
            string? realRelation = Relation(real[early], real[late], RealAt);
            string? oursRelation = Relation(ours[early], ours[late], OursAt);
            if (realRelation is null || oursRelation is null || realRelation == oursRelation) continue;

            Add("body", $"{place}.{early}", new Words($"{realRelation} {late}"), new Words($"{oursRelation} {late}"));
        }
    }

    private static object? Member(JsonMap map, string name) => map.Has(name) ? map[name] : Words.Absent;

    /// <summary>Returns an object whose changing keys (connection IDs) are named after the step of their first occurrence, or numbered in the order of their values.</summary>
    private JsonMap Keyed(JsonMap item, double at, bool isReal)
    {
        if (item.Names.All(name => ChangingValues.Masked(name, at) == name)) return item;

        var keyed = new JsonMap();
        _ids.TryGetValue("connection id", out var maps);
        foreach (string name in item.Names.OrderBy(name => ChangingValues.Canonical(item[name], at), StringComparer.Ordinal))
        {
            string? real = isReal ? name : maps.Back is not null && maps.Back.TryGetValue(name, out var back) ? back.Other : null;
            string key = real is not null && maps.There is not null && maps.There.TryGetValue(real, out var first)
                ? $"<connection of {first.Step}>"
                : ChangingValues.Masked(name, at);
            while (keyed.Has(key)) key += "'";
            keyed[key] = item[name];
        }

        return keyed;
    }

    /// <summary>Returns the order of two times; null if one of them is not current.</summary>
    private static string? Relation(object? early, object? late, double at)
    {
        if (Milliseconds(early, at) is not { } first || Milliseconds(late, at) is not { } second) return null;

        return Math.Abs(first - second) <= 100 ? "the same as" : first < second ? "earlier than" : "later than";
    }

    private static double? Milliseconds(object? time, double at)
    {
        double? value = time is string text && ChangingValues.IsIso(text) ? ChangingValues.SecondsOf(text) * 1000 : JsonValue.Number(time);
        return value is { } ms && ChangingValues.IsNear(ms / 1000, at) ? ms : null;
    }

    [GeneratedRegex("/history(?!/configs)")]
    private static partial Regex HistoryPath();

    [GeneratedRegex("beta=true|/beta|/gray")]
    private static partial Regex GrayPath();
}
