namespace Acm.Conformance.Comparing;

/// <summary>A placeholder for a value in a comparison, shown without quotes.</summary>
internal sealed record Words(string Text)
{
    public static Words Absent { get; } = new("(absent)");

    public static Words NoPush { get; } = new("(no push)");

    public override string ToString() => Text;
}
