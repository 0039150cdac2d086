using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Removes configurations: by name, or by wildcard from the live list. That one was not there is no error: the protocol does not tell.</summary>
[Cmdlet(VerbsCommon.Remove, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveAcmConfigCommand : ParallelCmdlet
{
    /// <summary>Data ids, wildcards allowed: each one that matches is asked for by itself.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string), typeof(IConvertible))]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups, wildcards allowed; by default DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = [ConfigKey.DefaultGroup];

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Removing configurations";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string dataId in DataId)
        {
            if (await RequestAsync(dataId, Group).ConfigureAwait(false) is not { } request) continue;

            foreach (ConfigKey key in request.Keys) await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
            if (request.Pattern is null) continue;

            // The list is read to its end before the first is removed: removing moves the pages.
            var keys = new List<ConfigKey>();
            await foreach (ConfigItem item in Client.ListAsync(Call, cancellationToken).ConfigureAwait(false))
                if (request.Pattern.Matches(item)) keys.Add(item.Key);
            foreach (ConfigKey key in keys) await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        if (!await Pipeline.ShouldProcessAsync(Describe(key), "Remove configuration").ConfigureAwait(false)) return;

        await Window.AddAsync(() => OutcomeAsync(key, () => RemoveOutcomeAsync(key, cancellationToken)), ThrottleLimit).ConfigureAwait(false);
    }

    private async Task<Outcome> RemoveOutcomeAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        await Client.RemoveAsync(key, Call, cancellationToken).ConfigureAwait(false);
        return default;
    }
}
