namespace AcmPowerShell;

/// <summary>What is said of a wildcard that nothing is watched for.</summary>
internal static class UnmatchedPattern
{
    internal static string Text(string pattern) =>
        $"Nothing matches '{pattern}' now, so nothing is watched for it. Wildcards are looked up once, at the start; a name without them is watched also while it does not exist.";
}
