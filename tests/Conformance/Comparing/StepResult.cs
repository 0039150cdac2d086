namespace Acm.Conformance.Comparing;

/// <summary>What the comparison found at one step.</summary>
internal sealed record StepResult(string Family, string Scenario, string Step, Verdict Verdict, IReadOnlyList<Difference> Differences)
{
    public string Name => $"{Family} {Scenario}/{Step}";

    /// <summary>One line a difference; the same difference at several items of a list is one line.</summary>
    public IEnumerable<string> Lines() =>
        from difference in Differences
        let sides = Display.Shortened(difference.Real, difference.Ours)
        group difference by (Patterns.ListIndex.Replace(difference.Place, "[]"), sides) into same
        let times = same.Count() > 1 ? $" ({same.Count()} times)" : ""
        select $"{Name}: {same.First().Place} {same.Key.sides.Real} -> {same.Key.sides.Ours}{times}";
}
