namespace AcmPowerShell;

/// <summary>A range of a text.</summary>
/// <param name="Start">The index of the first character.</param>
/// <param name="End">The index after the last character.</param>
internal readonly record struct TextSpan(int Start, int End)
{
    internal int Length => End - Start;
}
