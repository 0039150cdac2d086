using System.Diagnostics;
using System.Management.Automation;

namespace AcmShell.Commands;

/// <summary>Waits for an event in the queue and writes it; it stays there until it is removed, as with the real one.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Event", DefaultParameterSetName = "ByName")]
[OutputType(typeof(PSEventArgs))]
internal sealed class WaitEventCommand : PSCmdlet, IDisposable
{
    /// <summary>How long an event's action may have to wait while this command blocks the pipeline.</summary>
    private static readonly TimeSpan ActionInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The engine runs waiting actions at the turn of a loop; its own method for that is internal.</summary>
    private static readonly ScriptBlock LetActionsRun = ScriptBlock.Create("do { } until ($true)");

    private readonly AutoResetEvent _arrived = new(false);
    private volatile bool _stopping;

    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? SourceIdentifier { get; set; }

    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(-1, int.MaxValue)]
    public int Timeout { get; set; } = -1;

    protected override void ProcessRecord()
    {
        WildcardPattern? wanted = SourceIdentifier is null ? null : WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        var waited = Stopwatch.StartNew();
        Events.ReceivedEvents.PSEventReceived += OnEvent;
        try
        {
            PSEventArgs? found = Find(wanted);
            do
            {
                if (found is null) _arrived.WaitOne(ActionInterval);
                InvokeCommand.InvokeScript(useLocalScope: false, LetActionsRun, input: null);
                found ??= Find(wanted);
            }
            while (found is null && !_stopping && (Timeout < 0 || waited.Elapsed.TotalSeconds < Timeout));

            if (found is not null) WriteObject(found);
        }
        finally
        {
            Events.ReceivedEvents.PSEventReceived -= OnEvent;
        }
    }

    protected override void StopProcessing()
    {
        _stopping = true;
        _arrived.Set();
    }

    public void Dispose() => _arrived.Dispose();

    private void OnEvent(object? sender, PSEventArgs e) => _arrived.Set();

    private PSEventArgs? Find(WildcardPattern? wanted)
    {
        lock (Events.ReceivedEvents.SyncRoot)
        {
            return Events.ReceivedEvents.FirstOrDefault(e => wanted is null || wanted.IsMatch(e.SourceIdentifier));
        }
    }
}
