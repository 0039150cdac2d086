using System.Management.Automation;
using System.Text.RegularExpressions;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Finds lines in the contents of configurations, as Select-String does in files.</summary>
[Cmdlet(VerbsCommon.Search, "AcmConfig")]
[OutputType(typeof(AcmConfigMatch))]
[OutputType(typeof(bool))]
public sealed class SearchAcmConfigCommand : ParallelCmdlet
{
    private readonly List<ConfigReader> _readers = [];
    private LinePattern _pattern = null!;
    private SecretScan _secrets = null!;
    private int _before;
    private int _after;
    private int _found;

    /// <summary>What to look for: regular expressions, or with -SimpleMatch text. A line that matches one of them is found.</summary>
    [Parameter(Mandatory = true, Position = 0), ValidateNotNullOrEmpty]
    public string[] Pattern { get; set; } = [];

    /// <summary>Data ids to search, wildcards allowed; by default all.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups to search, wildcards allowed; by default all.</summary>
    [Parameter(Position = 2), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Types to search, as yaml; by default all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>Tags to search: what has one of them; by default all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, SingleTag]
    public string[] Tag { get; set; } = [];

    /// <summary>Application names to search, case-sensitive; by default all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] AppName { get; set; } = [];

    /// <summary>How many lines around each to write with it: one number, or two for before and after.</summary>
    [Parameter, ValidateCount(1, 2), ValidateRange(0, int.MaxValue)]
    public int[] Context { get; set; } = [];

    /// <summary>Take the patterns as they are written, not as regular expressions.</summary>
    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    /// <summary>Tell upper case from lower case.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>Find the lines that match none of the patterns.</summary>
    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    /// <summary>Write only whether anything was found; the search ends with the first line.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Search all namespaces that this connection knows: its own, and those that commands were given.</summary>
    [Parameter]
    public SwitchParameter AllNamespaces { get; set; }

    /// <summary>Search encrypted configurations as the server holds them.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    /// <summary>Wildcards for names of what is secret, in any case: RedactedLine has asterisks in place of such values. One that begins with ! is an exception.</summary>
    [Parameter, ValidateNotNull, AllowEmptyCollection, SupportsWildcards]
    public string[] SecretPattern { get; set; } = [.. SecretNames.Defaults];

    private protected override bool SkipsDecryption => NoDecrypt;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _readers.ForEach(reader => reader.Dispose());
        base.Dispose(disposing);
    }

    private protected override void Prepare()
    {
        if (AllNamespaces && Namespace is not null)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-AllNamespaces and -Namespace exclude each other.", nameof(AllNamespaces)));

        base.Prepare();
        Progress.Activity = "Searching configurations";
        _secrets = new SecretScan(new SecretNames(SecretPattern));
        _before = Context.Length > 0 ? Context[0] : 0;
        _after = Context.Length > 0 ? Context[^1] : 0;
        try
        {
            _pattern = new LinePattern(Pattern, SimpleMatch, CaseSensitive);
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter($"The pattern is not a valid regular expression. Use -SimpleMatch to search for plain text. {AcmErrors.WithoutParameter(e)}", nameof(Pattern), Pattern, e));
        }
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        ConfigFilter filter = new KeySelection(DataId, Group, [], piped: null).ToFilter() with { Types = Type, Tags = Tag, AppNames = AppName, WithContent = true };
        IEnumerable<AcmClient> clients = AllNamespaces ? CurrentSession!.Namespaces.Distinct(StringComparer.Ordinal).Select(CurrentSession.Client.ForNamespace) : [Client];
        foreach (AcmClient client in clients)
        {
            var reader = new ConfigReader(client, Call, ThrottleLimit, Ending);
            _readers.Add(reader);
            await foreach (ConfigItem item in client.ListAsync(filter, Call, cancellationToken).ConfigureAwait(false))
            {
                if (Quiet && Volatile.Read(ref _found) > 0) return;
                bool isRead = client.HasContent(item, Call);
                await Window.AddAsync(() => OutcomeAsync(item.Key, () => SearchAsync(item.Key, isRead ? client.GetListedAsync(item, Call, Ending) : reader.ReadAsync(item.Key))), reader.Capacity).ConfigureAwait(false);
            }

            reader.Flush();
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        _readers.ForEach(reader => reader.Flush());
        await base.EndAsync(cancellationToken).ConfigureAwait(false);
        if (Quiet) await Pipeline.WriteObjectAsync(_found > 0).ConfigureAwait(false);
    }

    private async Task<Outcome> SearchAsync(ConfigKey key, Task<AcmConfig> reading)
    {
        AcmConfig config = await reading.ConfigureAwait(false);
        string[] lines = LinePattern.LinesOf(config.Content);
        var matches = new List<object>();
        var redacted = new Lazy<string[]>(() => LinePattern.LinesOf(_secrets.Redact(key.DataId, config.Content)));
        try
        {
            for (int i = 0; i < lines.Length && !(Quiet && matches.Count > 0); i++)
                if (_pattern.Matches(lines[i]) != NotMatch) matches.Add(new AcmConfigMatch(config, lines, redacted, i, _before, _after));
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new AcmException(AcmErrorKind.InvalidContent, $"Cannot search '{key}': the pattern timed out on one of its lines.", e) { Key = key, Advice = "Use a pattern without nested repetitions, or -SimpleMatch." };
        }

        if (matches.Count > 0) Interlocked.Increment(ref _found);
        return Quiet ? new Outcome(Warning: config.Warning) : new Outcome(Outputs: matches, Warning: config.Warning);
    }
}
