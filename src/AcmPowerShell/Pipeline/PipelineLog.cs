using Acm.Client;

namespace AcmPowerShell;

/// <summary>Writes log lines of the engine to the streams of a command.</summary>
internal sealed class PipelineLog(PipelineWriter pipeline, bool wantsVerbose, bool wantsDebug) : IAcmLog
{
    /// <inheritdoc/>
    public bool IsEnabled(AcmLogLevel level) => level switch
    {
        AcmLogLevel.Debug => wantsDebug,
        AcmLogLevel.Verbose => wantsVerbose,
        _ => true,
    };

    /// <inheritdoc/>
    public void Write(AcmLogLevel level, string message)
    {
        if (!IsEnabled(level)) return;

        switch (level)
        {
            case AcmLogLevel.Debug: pipeline.WriteDebug(message); break;
            case AcmLogLevel.Verbose: pipeline.WriteVerbose(message); break;
            default: pipeline.WriteWarning(message); break;
        }
    }
}
