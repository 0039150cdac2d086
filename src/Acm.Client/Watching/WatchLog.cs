namespace Acm.Client.Watching;

/// <summary>Writes lines from where nobody waits for them.</summary>
internal static class WatchLog
{
    /// <summary>Writes a line, once to each log.</summary>
    public static void Write(IEnumerable<IAcmLog?> logs, AcmLogLevel level, string message)
    {
        foreach (IAcmLog? log in logs.Distinct())
        {
            try
            {
                if (log?.IsEnabled(level) == true) log.Write(level, message);
            }
#pragma warning disable CA1031 // A log is the caller's, and may be closed long since. That its line is lost must not end the watching.
            catch (Exception)
#pragma warning restore CA1031
            {
                continue;
            }
        }
    }
}
