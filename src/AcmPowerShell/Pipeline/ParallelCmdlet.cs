using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the commands that process several records in parallel.</summary>
public abstract class ParallelCmdlet : AcmCmdlet
{
    /// <summary>Maximum number of concurrent requests: 1 to 256. Defaults to 16. Results are in the order of the input.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected OrderedWindow Window { get; private set; } = null!;

    /// <summary>Gets whether to show what each write would change, which takes a read for each.</summary>
    private protected bool WantsPreview => WantsWhatIf || Confirm == true;

    private protected override void Prepare()
    {
        base.Prepare();
        Window = new OrderedWindow(Pipeline);
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) => Window.DrainAsync();

    /// <summary>Returns the request for a data ID and groups. If a pattern is invalid, writes an error and returns null.</summary>
    private protected async Task<KeyRequest?> RequestAsync(string dataId, string[] groups, string groupOfPattern = ConfigKey.DefaultGroup)
    {
        ErrorRecord error;
        try
        {
            return KeyRequest.Of(dataId, groups, groupOfPattern);
        }
        catch (AcmException e)
        {
            error = AcmErrors.Record(e, dataId);
        }

        await Window.AddAsync(() => Task.FromResult(new Outcome(Error: error)), ThrottleLimit).ConfigureAwait(false);
        return null;
    }

    /// <summary>Runs an item and converts an exception to an error.</summary>
    private protected async Task<Outcome> OutcomeAsync(ConfigKey key, Func<Task<Outcome>> work)
    {
        try
        {
            Outcome outcome = await work().ConfigureAwait(false);
            Progress.Current = key.ToString();
            return outcome;
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            return new Outcome(Error: AcmErrors.Record(e, key));
        }
        finally
        {
            Progress.Advance();
        }
    }
}
