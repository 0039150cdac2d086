namespace Acm.Benchmarks;

/// <summary>A measured value with its bound.</summary>
/// <param name="Name">The name of the measurement.</param>
/// <param name="Value">The value: a time in milliseconds, a ratio, megabytes or a count.</param>
/// <param name="Bound">The upper bound of the value.</param>
/// <param name="Unit">Unit of both, as <c>ms</c> or <c>times</c>.</param>
/// <param name="Detail">The details of the value.</param>
internal sealed record Figure(string Name, double Value, double Bound, string Unit, string Detail)
{
    public bool Passed => Value < Bound;

    public void Print() => Console.WriteLine(FormattableString.Invariant(
        $"{(Passed ? "pass" : "FAIL")}  {Name,-44} {Value,9:0.00} {Unit,-5}  bound {Bound,7:0.00}  of bound {Value / Bound,5:0.00}   {Detail}"));
}
