namespace AcmPowerShell;

/// <summary>A part of a text.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last character.</param>
internal readonly record struct TextSpan(int Start, int End)
{
    internal int Length => End - Start;
}
