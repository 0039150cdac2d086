using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>A command that works on several items at once, across the records of its input.</summary>
public abstract class ParallelCmdlet : AcmCmdlet
{
    /// <summary>How many requests may be in flight: 1 to 256, by default 16; 1 is strictly one by one. Results come in the order of the input.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected OrderedWindow Window { get; private set; } = null!;

    /// <summary>Whether to show what each write would change, which costs a read each.</summary>
    private protected bool WantsPreview => WantsWhatIf || Confirm == true;

    private protected override void Prepare()
    {
        base.Prepare();
        Window = new OrderedWindow(Pipeline);
    }

    private protected override Task EndAsync(CancellationToken cancellationToken) => Window.DrainAsync();

    /// <summary>What a data id and groups ask for; null where that is no pattern, which is an error of this item.</summary>
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

    /// <summary>Makes of an item's end what is written when its turn comes.</summary>
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
