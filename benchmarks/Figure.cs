namespace Acm.Benchmarks;

/// <summary>One measured value beside its bound.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The value: a time in milliseconds, a ratio, megabytes or a count.</param>
/// <param name="Bound">What it has to stay below.</param>
/// <param name="Unit">Unit of both, as <c>ms</c> or <c>times</c>.</param>
/// <param name="Detail">What the value was made of.</param>
internal sealed record Figure(string Name, double Value, double Bound, string Unit, string Detail)
{
    public bool Passed => Value < Bound;

    public void Print() => Console.WriteLine(FormattableString.Invariant(
        $"{(Passed ? "pass" : "FAIL")}  {Name,-44} {Value,9:0.00} {Unit,-5}  bound {Bound,7:0.00}  of bound {Value / Bound,5:0.00}   {Detail}"));
}
