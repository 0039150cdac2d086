using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Lists the configurations of a namespace, without their content.</summary>
[Cmdlet(VerbsCommon.Find, "AcmConfig")]
[OutputType(typeof(ConfigItem))]
public sealed class FindAcmConfigCommand : AcmCmdlet
{
    /// <summary>Data IDs. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty, Exact(typeof(string), typeof(IConvertible)), SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Types to list, such as yaml. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>List configurations with at least one of these tags. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, SingleTag]
    public string[] Tag { get; set; } = [];

    /// <summary>Application names to list, case-sensitive. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] AppName { get; set; } = [];

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Listing configurations";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        List<string> dataIds = await ValidAsync(DataId).ConfigureAwait(false);
        List<string> groups = await ValidAsync(Group).ConfigureAwait(false);
        if (dataIds.Count == 0 || groups.Count == 0) return;

        ConfigFilter filter = new KeyPattern(dataIds, groups).ToFilter() with { Types = Type, Tags = Tag, AppNames = AppName };
        await foreach (ConfigItem item in new NamespaceListing(Client, Call, Pipeline).ReadAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            Progress.Advance();
            await Pipeline.WriteObjectAsync(item).ConfigureAwait(false);
        }
    }

    // Returns the valid patterns. An invalid one is a non-terminating error.
    private async Task<List<string>> ValidAsync(string[] patterns)
    {
        var valid = new List<string>();
        foreach (string text in patterns)
        {
            try
            {
                KeyPattern.Parse(text);
                valid.Add(text);
            }
            catch (AcmException e)
            {
                await Pipeline.WriteErrorAsync(AcmErrors.Record(e, text)).ConfigureAwait(false);
            }
        }

        return valid;
    }
}
