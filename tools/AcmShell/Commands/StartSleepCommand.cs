using System.Management.Automation;

namespace AcmShell.Commands;

/// <summary>Blocks the pipeline: no event's action runs meanwhile, as with the real one.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = InSeconds)]
internal sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private const string InSeconds = "Seconds";
    private const string InMilliseconds = "Milliseconds";
    private const string AsDuration = "FromTimeSpan";

    private readonly ManualResetEventSlim _stopped = new();

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = InSeconds, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, int.MaxValue / 1000.0)]
    public double Seconds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = InMilliseconds, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("ms")]
    public int Milliseconds { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = AsDuration, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(ValidateRangeKind.NonNegative)]
    [Alias("ts")]
    public TimeSpan Duration { get; set; }

    protected override void ProcessRecord() => _stopped.Wait(ParameterSetName switch
    {
        InSeconds => TimeSpan.FromSeconds(Seconds),
        InMilliseconds => TimeSpan.FromMilliseconds(Milliseconds),
        _ => Duration,
    });

    protected override void StopProcessing() => _stopped.Set();

    public void Dispose() => _stopped.Dispose();
}
