using System.Text.RegularExpressions;
using Acm.Conformance.Comparing;

namespace Acm.Conformance;

/// <summary>The intended differences: one line each in wanted.txt, with its reason.</summary>
internal sealed class WantedDifferences
{
    private const string Separator = " | ";

    private readonly List<Line> _lines;

    private WantedDifferences(List<Line> lines) => _lines = lines;

    public static WantedDifferences Load()
    {
        using Stream file = typeof(WantedDifferences).Assembly.GetManifestResourceStream("wanted.txt")!;
        using var reader = new StreamReader(file);
        return new WantedDifferences([.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Line.Parse)]);
    }

    public bool IsWanted(string version, StepResult step, Difference difference) =>
        _lines.Exists(line => line.Version.IsMatch(version) && line.Step.IsMatch($"{step.Family} {step.Scenario}/{step.Step}") && line.Place.IsMatch(difference.Place));

    /// <summary>Returns the unintended differences of a version, one per line.</summary>
    public IReadOnlyList<string> Unwanted(string version, IEnumerable<StepResult> steps) =>
        [.. from step in steps
            where step.Verdict is Verdict.Different or Verdict.Missing
            let left = step.Differences.Where(d => !d.IsSoft && !IsWanted(version, step, d)).ToList()
            where left.Count > 0
            from line in (step with { Differences = left }).Lines()
            select line];

    /// <summary>Returns the lines that match no difference of any version.</summary>
    public IReadOnlyList<string> Unused(IReadOnlyCollection<(string Version, StepResult Step)> steps) =>
        [.. _lines.Where(line => !steps.Any(s => line.Version.IsMatch(s.Version) && line.Step.IsMatch($"{s.Step.Family} {s.Step.Scenario}/{s.Step.Step}") && s.Step.Differences.Any(d => line.Place.IsMatch(d.Place)))).Select(line => line.Text)];

    private sealed record Line(string Text, Regex Version, Regex Step, Regex Place)
    {
        public static Line Parse(string text)
        {
            string[] parts = text.Split(Separator);
            return parts.Length == 4
                ? new Line(text, new Regex($"^(?:{parts[0]})$"), new Regex($"^(?:{parts[1]})$"), new Regex($"^(?:{parts[2]})$"))
                : throw new FormatException($"'{text}' is not 'versions | steps | places | reason'.");
        }
    }
}
