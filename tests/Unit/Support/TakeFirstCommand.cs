using System.Management.Automation;
using System.Reflection;

namespace Acm.Tests.Support;

/// <summary>As Select-Object -First, which is not in the core engine: ends the pipeline the way the engine does.</summary>
[Cmdlet("Take", "First")]
public sealed class TakeFirstCommand : PSCmdlet
{
    private int _taken;

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter(Position = 0)]
    public int Count { get; set; } = 1;

    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++_taken < Count) return;

        Type type = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, [this], null)!;
    }
}
