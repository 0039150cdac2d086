using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Reads configurations with their content: by name, or by wildcard from the live list.</summary>
[Cmdlet(VerbsCommon.Get, "AcmConfig")]
[OutputType(typeof(AcmConfig))]
[OutputType(typeof(string))]
public sealed class GetAcmConfigCommand : ParallelCmdlet
{
    private ConfigReader? _reader;

    /// <summary>Data ids, wildcards allowed. A wildcard that matches nothing is no error; a name that is not there is.</summary>
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

    /// <summary>Write the content alone, as one string.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Neither read nor write snapshots: an unreachable server is an error.</summary>
    [Parameter]
    public SwitchParameter NoSnapshot { get; set; }

    /// <summary>Leave encrypted configurations as the server holds them: the content is the cipher text.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    private protected override bool SkipsSnapshot => NoSnapshot;

    private protected override bool SkipsDecryption => NoDecrypt;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _reader?.Dispose();
        base.Dispose(disposing);
    }

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Reading configurations";
        _reader = new ConfigReader(Client, Call, ThrottleLimit, Ending);
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        foreach (string dataId in DataId)
        {
            if (await RequestAsync(dataId, Group).ConfigureAwait(false) is not { } request) continue;

            foreach (ConfigKey key in request.Keys)
                await ReadAsync(key, alone: IsOnlyRecord && DataId.Length == 1 && Group.Length == 1).ConfigureAwait(false);
            if (request.Pattern is null) continue;

            await foreach (ConfigItem item in Client.ListAsync(Call, cancellationToken).ConfigureAwait(false))
                if (request.Pattern.Matches(item)) await ReadAsync(item.Key, alone: false).ConfigureAwait(false);
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken)
    {
        _reader!.Flush();
        return base.EndAsync(cancellationToken);
    }

    private Task ReadAsync(ConfigKey key, bool alone) =>
        Window.AddAsync(() => OutcomeAsync(key, () => ReadOutcomeAsync(key, alone)), _reader!.Capacity);

    private async Task<Outcome> ReadOutcomeAsync(ConfigKey key, bool alone)
    {
        // A lone key has nothing to wait for or to gather with, and is what a script in a loop asks for.
        AcmConfig config = await (alone ? Client.GetAsync(key, Call, Ending) : _reader!.ReadAsync(key)).ConfigureAwait(false);
        return new Outcome(Raw ? config.Content : config, Warning: config.Warning);
    }
}
