namespace Acm.Conformance.Comparing;

/// <summary>The result of the comparison of a step.</summary>
internal sealed record StepResult(string Family, string Scenario, string Step, Verdict Verdict, IReadOnlyList<Difference> Differences)
{
    public string Name => $"{Family} {Scenario}/{Step}";

    /// <summary>Returns one line per difference; the same difference in several list items is one line.</summary>
    public IEnumerable<string> Lines() =>
        from difference in Differences
        let sides = Display.Shortened(difference.Real, difference.Ours)
        group difference by (Patterns.ListIndex.Replace(difference.Place, "[]"), sides) into same
        let times = same.Count() > 1 ? $" ({same.Count()} times)" : ""
        select $"{Name}: {same.First().Place} {same.Key.sides.Real} -> {same.Key.sides.Ours}{times}";
}
