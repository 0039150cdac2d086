namespace AcmShell.CommandLine;

/// <summary>The command line is wrong. The shell says so and ends with 64, as <c>pwsh</c> does.</summary>
internal sealed class UsageException(string message) : Exception(message);
