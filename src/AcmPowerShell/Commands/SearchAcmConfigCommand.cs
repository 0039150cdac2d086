using System.Management.Automation;
using System.Text.RegularExpressions;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Searches the content of configurations for lines that match a pattern, as Select-String does for files.</summary>
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

    /// <summary>Regular expressions, or text with -SimpleMatch. A line matches if one of them does.</summary>
    [Parameter(Mandatory = true, Position = 0), ValidateNotNullOrEmpty]
    public string[] Pattern { get; set; } = [];

    /// <summary>Data IDs to search. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups to search. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 2), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Types to search, such as yaml. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>Search configurations with at least one of these tags. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, SingleTag]
    public string[] Tag { get; set; } = [];

    /// <summary>Application names to search, case-sensitive. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] AppName { get; set; } = [];

    /// <summary>Number of context lines: one number, or two for the lines before and after.</summary>
    [Parameter, ValidateCount(1, 2), ValidateRange(0, int.MaxValue)]
    public int[] Context { get; set; } = [];

    /// <summary>Treat the patterns as literal text.</summary>
    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    /// <summary>Match case.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>Return lines that match none of the patterns.</summary>
    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    /// <summary>Return only whether a line matches. The search stops at the first match.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Search all known namespaces: that of the connection, and those that commands used with it.</summary>
    [Parameter]
    public SwitchParameter AllNamespaces { get; set; }

    /// <summary>Do not decrypt: search the cipher text of encrypted configurations.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    /// <summary>Case-insensitive wildcards for names of secret values, which RedactedLine shows as asterisks. A pattern that starts with ! is an exception.</summary>
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
            ThrowTerminatingError(AcmErrors.InvalidParameter("-AllNamespaces and -Namespace cannot be combined.", nameof(AllNamespaces)));

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
