namespace Acm.Client.Watching;

/// <summary>Writes log lines from background work.</summary>
internal static class WatchLog
{
    /// <summary>Writes a line once to each log.</summary>
    public static void Write(IEnumerable<IAcmLog?> logs, AcmLogLevel level, string message)
    {
        foreach (IAcmLog? log in logs.Distinct())
        {
            try
            {
                if (log?.IsEnabled(level) == true) log.Write(level, message);
            }
#pragma warning disable CA1031 // A log of the caller may be closed, which must not end the watching.
            catch (Exception)
#pragma warning restore CA1031
            {
                continue;
            }
        }
    }
}
