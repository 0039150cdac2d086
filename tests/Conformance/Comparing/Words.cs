namespace Acm.Conformance.Comparing;

/// <summary>Words of the comparison in the place of a value: shown without quotes.</summary>
internal sealed record Words(string Text)
{
    public static Words Absent { get; } = new("(absent)");

    public static Words NoPush { get; } = new("(no push)");

    public override string ToString() => Text;
}
