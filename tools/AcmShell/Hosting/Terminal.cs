namespace AcmShell.Hosting;

/// <summary>What stands at the other end of the three standard streams.</summary>
internal static class Terminal
{
    public static bool ForInput { get; } = !Console.IsInputRedirected;

    public static bool ForOutput { get; } = !Console.IsOutputRedirected;

    public static bool ForErrors { get; } = !Console.IsErrorRedirected;

    /// <summary>Escape sequences are understood; TERM=dumb is how a terminal says that they are not.</summary>
    public static bool HasVirtualTerminal { get; } =
        ForOutput && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
}
