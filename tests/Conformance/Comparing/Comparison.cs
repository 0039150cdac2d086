using System.Numerics;
using System.Text.RegularExpressions;
using Acm.Conformance.Json;
using Acm.Conformance.Recordings;

namespace Acm.Conformance.Comparing;

/// <summary>
/// Compares two recordings step by step for differences that a client could notice. Rows are matched by family, scenario, step and occurrence. The rules
/// are those of compare.py, which compares recordings of real servers.
/// </summary>
internal sealed partial class Comparison
{
    private readonly ValueComparison _values = new();
    private readonly RowComparison _rows;
    private readonly List<StepResult> _steps = [];

    private Comparison() => _rows = new RowComparison(_values);

    /// <summary>Compares all steps of two recordings.</summary>
    /// <param name="real">The recording of the real server.</param>
    /// <param name="ours">The recording of the server under test.</param>
    /// <param name="isCompared">Returns whether to compare a step, by <c>family/scenario/step</c>; null for all.</param>
    public static IReadOnlyList<StepResult> Compare(Recording real, Recording ours, Func<string, bool>? isCompared = null)
    {
        var comparison = new Comparison();
        var realScenarios = real.Scenarios;
        var oursScenarios = ours.Scenarios.ToDictionary(s => s.Key, s => s.Rows);
        foreach (((string Family, string Scenario) key, List<Row> rows) in realScenarios)
        {
            comparison.CompareScenario(key, Selected(key, rows), Selected(key, oursScenarios.GetValueOrDefault(key, [])));
            oursScenarios.Remove(key);
        }

        foreach (((string Family, string Scenario) key, List<Row> rows) in oursScenarios) comparison.CompareScenario(key, [], Selected(key, rows));
        return comparison._steps;

        List<Row> Selected((string Family, string Scenario) key, List<Row> rows) =>
            isCompared is null ? rows : rows.FindAll(row => isCompared($"{key.Family}/{key.Scenario}/{row.Step}"));
    }

    private void Done((string Family, string Scenario) key, string step, IEnumerable<Difference> differences, Verdict? verdict = null)
    {
        List<Difference> found = [.. differences];
        _steps.Add(new StepResult(
            key.Family,
            key.Scenario,
            step,
            verdict ?? (found.Exists(d => !d.IsSoft) ? Verdict.Different : found.Count > 0 ? Verdict.Soft : Verdict.Equal),
            found));
    }

    private void CompareScenario((string Family, string Scenario) key, List<Row> realRows, List<Row> oursRows)
    {
        List<Unit> real = Units(realRows);
        List<Unit> ours = Units(oursRows);
        HashSet<string> known = [.. realRows.Select(Answer)];
        foreach (Unit unit in real)
        {
            string label = unit.Occurrence is "1" or "push" or "repeated" ? unit.Step : $"{unit.Step}#{unit.Occurrence}";
            _values.Step = $"{key.Scenario}/{label}";
            Unit? other = ours.Find(u => u.IsSame(unit));
            if (other is not null) ours.Remove(other);

            // An extra push is reported with the pushes.
            if (unit.Step == "exception" || (other is null && unit.Step.EndsWith("-no-push", StringComparison.Ordinal) && oursRows.Count > 0)) continue;
            if (unit.Occurrence == "push")
            {
                ComparePushes(key, label, unit.Rows, other?.Rows ?? []);
            }
            else if (other is null)
            {
                Done(key, label, [new Difference("shape", "step", new Words("recorded"), new Words("missing"), IsSoft: false)], Verdict.Missing);
            }
            else
            {
                bool isListed = real.Exists(u => u.Step == unit.Step + "-listing" && u.Occurrence == unit.Occurrence);
                List<Difference> found = _rows.Compare(unit.Rows[^1], other.Rows[^1], isListed);
                foreach (Row earlier in other.Rows.SkipLast(1).Where(row => !known.Contains(Answer(row))))
                {
                    found.Add(new Difference("body", "an earlier answer", new Words("(not seen)"), BodyComparison.Brief(earlier.Response ?? new JsonMap()), IsSoft: false));
                }

                Done(key, label, found);
            }
        }

        foreach (Unit unit in ours)
        {
            if (unit.Occurrence == "push") ComparePushes(key, unit.Step, [], unit.Rows);
            else if (unit.Step == "exception") Done(key, unit.Step, [new Difference("shape", "exception", new Words("(none)"), unit.Rows[0].Members["exception"], IsSoft: false)]);
        }
    }

    private static string Answer(Row row)
    {
        var answer = new JsonMap();
        foreach (string name in row.Response?.Names.Where(n => n is "status" or "type" or "body") ?? []) answer[name] = row.Response![name];
        return ChangingValues.Canonical(answer, row.At);
    }

    /// <summary>Groups repeated steps in one unit, and pushes in one unit per connection.</summary>
    private static List<Unit> Units(List<Row> rows)
    {
        var units = new List<Unit>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Row row in rows)
        {
            string step = row.IsException ? "exception" : row.Step;
            bool isRepeated = (row.Scenario.Contains("read_after_write", StringComparison.Ordinal) && step.StartsWith("get", StringComparison.Ordinal)) || Repeated().IsMatch(step);
            if (row.IsPush) Join(step, "push", row);
            else if (isRepeated) Join(Number().Replace(step, ""), "repeated", row);
            else units.Add(new Unit(step, (seen[step] = seen.GetValueOrDefault(step) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), [row]));
        }

        return units;

        void Join(string step, string occurrence, Row row)
        {
            Unit? unit = units.Find(u => u.Step == step && u.Occurrence == occurrence);
            if (unit is null) units.Add(new Unit(step, occurrence, [row]));
            else unit.Rows.Add(row);
        }
    }

    /// <summary>Compares the pushes of a connection in order, with the step before each; detection requests depend on the server's clock.</summary>
    private void ComparePushes((string Family, string Scenario) key, string label, List<Row> real, List<Row> ours)
    {
        real = WholeBatches(real);
        ours = WholeBatches(ours);
        List<Row> x = real.FindAll(row => !IsDetection(row));
        List<Row> y = ours.FindAll(row => !IsDetection(row));
        List<Row> realDetections = real.FindAll(IsDetection);
        List<Row> oursDetections = ours.FindAll(IsDetection);
        var pairs = new List<(Row Real, Row Ours)>();
        var single = new List<(Row Row, Verdict Verdict)>();
        foreach ((int aLow, int aHigh, int bLow, int bHigh) in new SequenceMatcher<(string?, string?)>(x.ConvertAll(KindOf), y.ConvertAll(KindOf)).Ranges())
        {
            int both = Math.Min(aHigh - aLow, bHigh - bLow);
            pairs.AddRange(x[aLow..(aLow + both)].Zip(y[bLow..(bLow + both)]));
            single.AddRange(x[(aLow + both)..aHigh].Select(row => (row, Verdict.Missing)));
            single.AddRange(y[(bLow + both)..bHigh].Select(row => (row, Verdict.Different)));
        }

        if (realDetections.Count > 0 && oursDetections.Count > 0) pairs.Add((realDetections[0], oursDetections[0]));
        else single.AddRange(realDetections.Take(1).Select(row => (row, Verdict.Missing)).Concat(oursDetections.Take(1).Select(row => (row, Verdict.Different))));

        for (int n = 0; n < pairs.Count; n++)
        {
            (Row a, Row b) = pairs[n];
            _values.Step = $"{key.Scenario}/{label}#{n + 1}";
            List<Difference> found = _rows.Compare(a, b);
            if (IsDetection(a) && realDetections.Count != oursDetections.Count)
            {
                found.Add(new Difference("shape", "detection requests", new BigInteger(realDetections.Count), new BigInteger(oursDetections.Count), IsSoft: true));
            }

            Done(key, $"{label}#{n + 1}", found);
        }

        foreach ((Row row, Verdict verdict) in single)
        {
            string brief = BodyComparison.Brief(row.Response!);
            string place = $"push after {row.Members.Text("after")}";
            Difference difference = verdict == Verdict.Missing
                ? new Difference("shape", place, brief, Words.NoPush, IsSoft: false)
                : new Difference("shape", place, Words.NoPush, brief, IsSoft: false);
            Done(key, label, [difference], verdict);
        }
    }

    private static bool IsDetection(Row row) => row.Response?.Text("type") == "ClientDetectionRequest";

    private static (string?, string?) KindOf(Row row) => (row.Response?.Text("type"), row.Members.Text("after"));

    /// <summary>Merges batches of fuzzy-watch pushes into one push, because the distribution and order of the batches are random.</summary>
    private static List<Row> WholeBatches(List<Row> rows)
    {
        var whole = new List<Row>();
        var first = new Dictionary<(string?, string), JsonMap>();
        foreach (Row row in rows)
        {
            if (JsonValue.ParseStructure(row.Response?.Text("body")) is not JsonMap body || body["contexts"] is not List<object?> contexts || body.Number("totalBatch") is 0 or 1)
            {
                whole.Add(row);
                continue;
            }

            JsonMap rest = body.Clone();
            foreach (string name in new[] { "contexts", "currentBatch", "requestId" }) rest.Remove(name);
            (string?, string) key = (row.Members.Text("after"), ChangingValues.Canonical(rest, row.At));
            if (first.TryGetValue(key, out JsonMap? joined))
            {
                ((List<object?>)joined["contexts"]!).AddRange(contexts);
                ((List<object?>)joined["currentBatch"]!).Add(body["currentBatch"]);
                continue;
            }

            body["currentBatch"] = new List<object?> { body["currentBatch"] };
            first[key] = body;
            var copy = new Row(row.Members.Clone());
            whole.Add(copy);
        }

        foreach ((JsonMap body, Row row) in first.Values.Zip(whole.Where(row => JsonValue.ParseStructure(row.Response?.Text("body")) is JsonMap map && map.Number("totalBatch") is not (0 or 1) && map.Has("contexts"))))
        {
            Sort(body, "contexts");
            Sort(body, "currentBatch");
            row.Response!["body"] = JsonValue.Write(body);
        }

        return whole;
    }

    private static void Sort(JsonMap body, string name) => body[name] = ((List<object?>)body[name]!).OrderBy(JsonValue.Write, StringComparer.Ordinal).ToList();

    [GeneratedRegex(@"\A(?:at-once-\d+|wait-v\d)\z")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"-\d+\z")]
    private static partial Regex Number();

    private sealed record Unit(string Step, string Occurrence, List<Row> Rows)
    {
        public bool IsSame(Unit other) => Step == other.Step && Occurrence == other.Occurrence;
    }
}
