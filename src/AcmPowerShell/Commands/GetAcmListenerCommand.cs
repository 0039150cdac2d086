using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Lists the clients that listen to configurations, and whether they have the current value.</summary>
[Cmdlet(VerbsCommon.Get, "AcmListener", DefaultParameterSetName = KeySet)]
[OutputType(typeof(ConfigListener))]
public sealed class GetAcmListenerCommand : ParallelCmdlet
{
    private const string KeySet = "Configuration";
    private const string AddressSet = "Address";

    /// <summary>Data IDs, with wildcards, or names as group/dataId.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string), typeof(IConvertible))]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP for a name, and to all for a wildcard.</summary>
    [Parameter(Position = 1, ParameterSetName = KeySet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [PSDefaultValue(Help = "DEFAULT_GROUP for a name, all for a wildcard")]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>IP addresses of clients, as the server sees them. Nacos only.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSet)]
    [ValidateNotNullOrEmpty]
    public string[] Address { get; set; } = [];

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Looking for listeners";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string address in Address) await AddAsync(address, cancellationToken).ConfigureAwait(false);
        foreach (string dataId in DataId)
        {
            if (await RequestAsync(dataId, Group, groupOfPattern: "*").ConfigureAwait(false) is not { } request) continue;

            foreach (ConfigKey key in request.Keys) await AddAsync(key, cancellationToken).ConfigureAwait(false);
            if (request.Pattern is null) continue;

            await foreach (ConfigItem item in Client.ListAsync(request.Pattern.ToFilter(), Call, cancellationToken).ConfigureAwait(false))
                await AddAsync(item.Key, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task AddAsync(ConfigKey key, CancellationToken cancellationToken) =>
        Window.AddAsync(() => OutcomeAsync(key, async () => new Outcome(Outputs: await Client.GetListenersAsync(key, Call, cancellationToken).ConfigureAwait(false))), ThrottleLimit);

    private Task AddAsync(string address, CancellationToken cancellationToken) => Window.AddAsync(
        async () =>
        {
            try
            {
                return new Outcome(Outputs: await Client.GetListenersAtAsync(address, Call, cancellationToken).ConfigureAwait(false));
            }
            catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
            {
                return new Outcome(Error: AcmErrors.Record(e, address));
            }
        },
        ThrottleLimit);
}
