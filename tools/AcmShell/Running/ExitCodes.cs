namespace AcmShell.Running;

internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>An error that nothing caught, or a command that failed.</summary>
    public const int Failure = 1;

    /// <summary>EX_USAGE of sysexits.h, which pwsh has too.</summary>
    public const int Usage = 64;

    /// <summary>128 and SIGINT's number, as every Unix shell counts; <c>pwsh -File</c> says 0, which hides the stop.</summary>
    public const int Interrupted = 130;
}
