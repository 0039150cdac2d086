using System.Management.Automation;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Reads configurations by name, or those in the server's list that match a wildcard. Without a name it lists the keys.</summary>
[Cmdlet(VerbsCommon.Get, "AcmConfig")]
[OutputType(typeof(AcmConfig))]
[OutputType(typeof(ConfigItem))]
[OutputType(typeof(string))]
public sealed class GetAcmConfigCommand : ParallelCmdlet
{
    /// <summary>Time that a not-found error waits for the list of groups that contain the name.</summary>
    private static readonly TimeSpan ListPatience = TimeSpan.FromSeconds(3);

    private GrayTarget? _gray;
    private ConfigReader? _reader;
    private NamespaceListing? _listing;
    private string? _outFile;
    private int _files;
    private int _hasWarnedOfFailover;

    /// <summary>Data IDs, with wildcards, or names as group/dataId. Without any, the keys are listed. A wildcard without a match is not an error; a missing name is.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty, Exact(typeof(string), typeof(IConvertible)), SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = [];

    /// <summary>Groups. Wildcards are supported. Defaults to DEFAULT_GROUP for a name, and to all for a wildcard.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter)), PSDefaultValue(Help = "DEFAULT_GROUP for a name, all for a wildcard")]
    public string[] Group { get; set; } = KeyRequest.DefaultGroups;

    /// <summary>Read the configuration after this version, as Get-AcmConfigHistory shows it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true), ArgumentCompleter(typeof(VersionCompleter))]
    public long Version { get; set; }

    /// <summary>Read the beta version, with its client addresses as BetaIp. Nacos only.</summary>
    [Parameter]
    public SwitchParameter Beta { get; set; }

    /// <summary>Read the version for this tag. Nacos up to 3.1 only.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? GrayTag { get; set; }

    /// <summary>Types to read, such as yaml. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>Read configurations with at least one of these tags. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, SingleTag]
    public string[] Tag { get; set; } = [];

    /// <summary>Application names to read, case-sensitive. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] AppName { get; set; } = [];

    /// <summary>Return the content as one string.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Write the content of one configuration to this file, in UTF-8 without a byte order mark.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    /// <summary>Ignore failover files and read from the server.</summary>
    [Parameter]
    public SwitchParameter NoFailover { get; set; }

    /// <summary>Do not read or write snapshots. An unreachable server is then an error.</summary>
    [Parameter]
    public SwitchParameter NoSnapshot { get; set; }

    /// <summary>Do not decrypt: the content of encrypted configurations is the cipher text.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    private protected override bool SkipsSnapshot => NoSnapshot;

    private protected override bool SkipsFailover => NoFailover;

    private protected override bool SkipsDecryption => NoDecrypt;

    /// <summary>Gets whether to read metadata. Not needed if only the content is returned.</summary>
    private protected override bool WantsMetadata => !Raw && OutFile is null;

    private bool HasMetadataFilter => Type.Length + Tag.Length + AppName.Length > 0;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _reader?.Dispose();
        base.Dispose(disposing);
    }

    // Created on demand, because a single key needs neither.
    private ConfigReader Reader => _reader ??= new ConfigReader(Client, Call, ThrottleLimit, Ending);

    private NamespaceListing Listing => _listing ??= new NamespaceListing(Client, Call, Pipeline);

    private protected override void Prepare()
    {
        _gray = GrayParameters.Target(this, Beta, addresses: null, GrayTag);
        base.Prepare();
        if (OutFile is not null) _outFile = OutPath(OutFile);
        Progress.Activity = "Reading configurations";
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        RevisionQuery? query = MyInvocation.BoundParameters.ContainsKey(nameof(Version)) ? RevisionQuery.After(Version) : null;
        bool isSpecial = query is not null || _gray is not null;
        if (query is not null && _gray is not null) ThrowTerminatingError(AcmErrors.InvalidParameter("-Version cannot be combined with -Beta or -GrayTag: each of them specifies a version.", nameof(Version), Version));
        if (isSpecial && HasMetadataFilter) ThrowTerminatingError(AcmErrors.InvalidParameter("-Type, -Tag and -AppName filter a list. Omit them with -Version, -Beta and -GrayTag.", nameof(Type)));
        if (isSpecial && DataId.Length == 0) ThrowTerminatingError(AcmErrors.InvalidParameter("-Version, -Beta and -GrayTag need a configuration. Specify the data ID.", nameof(DataId)));
        if (DataId.Length == 0)
        {
            await ListAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (string dataId in DataId)
        {
            if (await RequestAsync(dataId, Group, groupOfPattern: "*").ConfigureAwait(false) is not { } request) continue;

            if (isSpecial && request.Pattern is not null)
            {
                await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter("-Version, -Beta and -GrayTag need the name of a configuration, not a wildcard.", nameof(DataId), dataId)).ConfigureAwait(false);
                continue;
            }

            _files += request.Keys.Count;
            if (_outFile is not null && (request.Pattern is not null || _files > 1))
                ThrowTerminatingError(AcmErrors.InvalidParameter("-OutFile needs the name of one configuration. Use Export-AcmConfig for several.", nameof(OutFile), OutFile));

            if (_gray is not null)
            {
                foreach (ConfigKey key in request.Keys) await Window.AddAsync(() => OutcomeAsync(key, () => ReadGrayAsync(key, _gray)), ThrottleLimit).ConfigureAwait(false);
                continue;
            }

            if (query is not null)
            {
                foreach (ConfigKey key in request.Keys) await Window.AddAsync(() => OutcomeAsync(key, () => ReadPastAsync(key, query)), ThrottleLimit).ConfigureAwait(false);
                continue;
            }

            if (HasMetadataFilter && request.Keys.Count > 0)
                ThrowTerminatingError(AcmErrors.InvalidParameter($"-Type, -Tag and -AppName filter a list, but '{request.Keys[0]}' is one configuration. Specify a wildcard.", nameof(DataId), dataId));

            foreach (ConfigKey key in request.Keys)
                await ReadAsync(key, alone: IsOnlyRecord && DataId.Length == 1 && Group.Length == 1, isGroupGiven: !ReferenceEquals(Group, KeyRequest.DefaultGroups)).ConfigureAwait(false);
            if (request.Pattern is null) continue;

            await foreach (ConfigItem item in Listing.ReadAsync(Filter(request.Pattern) with { WithContent = Raw }, cancellationToken).ConfigureAwait(false))
            {
                if (Client.HasContent(item, Call)) await Window.AddAsync(() => OutcomeAsync(item.Key, () => ReadListedAsync(item)), ThrottleLimit).ConfigureAwait(false);
                else if (item.Source == ConfigSource.Server) await ReadAsync(item.Key, alone: false, isGroupGiven: true).ConfigureAwait(false);
                else await Window.AddAsync(() => OutcomeAsync(item.Key, () => ReadSnapshotAsync(item.Key)), ThrottleLimit).ConfigureAwait(false);
            }
        }
    }

    private protected override Task EndAsync(CancellationToken cancellationToken)
    {
        _reader?.Flush();
        return base.EndAsync(cancellationToken);
    }

    /// <summary>Lists the keys, as Find-AcmConfig does, if no name is specified.</summary>
    private async Task ListAsync(CancellationToken cancellationToken)
    {
        if (!IsOnlyRecord || Raw || _outFile is not null)
        {
            string what = !IsOnlyRecord ? "The piped object has no DataId." : "-Raw and -OutFile need a configuration.";
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(what + " Specify the data ID, or '*' for all.", nameof(DataId))).ConfigureAwait(false);
            return;
        }

        if (await RequestAsync("*", Group, groupOfPattern: "*").ConfigureAwait(false) is not { Pattern: { } pattern }) return;

        await foreach (ConfigItem item in Listing.ReadAsync(Filter(pattern), cancellationToken).ConfigureAwait(false)) await Pipeline.WriteObjectAsync(item).ConfigureAwait(false);
    }

    private ConfigFilter Filter(KeyPattern pattern) => pattern.ToFilter() with { Types = Type, Tags = Tag, AppNames = AppName };

    private async Task<Outcome> ReadListedAsync(ConfigItem item)
    {
        AcmConfig config = await Client.GetListedAsync(item, Call, Ending).ConfigureAwait(false);
        return new Outcome(config.Content, Warning: WarningOf(config));
    }

    // The list has already written the warning for all snapshots.
    private async Task<Outcome> ReadSnapshotAsync(ConfigKey key)
    {
        AcmConfig config = await Client.GetAsync(key, Listing.LocalCall, Ending).ConfigureAwait(false);
        return new Outcome(Raw ? config.Content : config);
    }

    private Task ReadAsync(ConfigKey key, bool alone, bool isGroupGiven) =>
        Window.AddAsync(() => OutcomeAsync(key, () => ReadOutcomeAsync(key, alone, isGroupGiven)), alone ? ThrottleLimit : Reader.Capacity);

    private async Task<Outcome> ReadOutcomeAsync(ConfigKey key, bool alone, bool isGroupGiven)
    {
        AcmConfig config;
        try
        {
            // A single key is not batched.
            config = await (alone ? Client.GetAsync(key, Call, Ending) : Reader.ReadAsync(key)).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound && e.InnerException is null && !isGroupGiven)
        {
            if (await Task.Run(() => GroupsOf(key)).ConfigureAwait(false) is not { Length: > 0 } groups) throw;

            throw new AcmException(e.Kind, $"{e.Message} The data ID exists in {(groups.Length == 1 ? "group" : "the groups")} {string.Join(", ", groups.Select(group => $"'{group}'"))}.", e)
            {
                Key = key,
                Advice = $"Specify the group: Get-AcmConfig {Completer.Quote(groups[0] + "/" + key.DataId)}",
            };
        }

        return Written(config);
    }

    private async Task<Outcome> ReadPastAsync(ConfigKey key, RevisionQuery query) => Written(await Client.GetRevisionAsync(key, query, Call, Ending).ConfigureAwait(false));

    private async Task<Outcome> ReadGrayAsync(ConfigKey key, GrayTarget target)
    {
        GrayConfig gray = await Client.GetGrayAsync(key, target, Call, Ending).ConfigureAwait(false);
        Outcome outcome = Written(gray.Config);
        if (outcome.Output is not AcmConfig config || gray.Addresses.Count == 0) return outcome;

        var shown = new PSObject(config);
        shown.Properties.Add(new PSNoteProperty("BetaIp", gray.Addresses.ToArray()));
        return outcome with { Output = shown };
    }

    private Outcome Written(AcmConfig config)
    {
        if (_outFile is null) return new Outcome(Raw ? config.Content : config, Warning: WarningOf(config));

        ConfigFileWriter.Write(config, _outFile);
        return new Outcome(Warning: WarningOf(config));
    }

    /// <summary>Returns the other groups that contain a data ID, from the cached keys of tab completion.</summary>
    private string[] GroupsOf(ConfigKey key) =>
        [.. CurrentSession!.Keys.Get(Client, ListPatience).Where(item => item.DataId == key.DataId && item.Group != key.Group).Select(item => item.Group).Distinct().OrderBy(group => group, StringComparer.Ordinal)];

    /// <summary>Returns the warning of a value. If only its content is returned, a warning replaces the Source property for failover files.</summary>
    private string? WarningOf(AcmConfig config)
    {
        bool showsSource = !Raw && _outFile is null;
        if (showsSource || config.Source != ConfigSource.Failover || Interlocked.Exchange(ref _hasWarnedOfFailover, 1) != 0) return config.Warning;

        string warning = $"'{config.Key}' was read from its failover file, which overrides the server. Use -NoFailover to read from the server.";
        return config.Warning is null ? warning : warning + " " + config.Warning;
    }

    private string OutPath(string path)
    {
        string found = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem") ThrowTerminatingError(AcmErrors.InvalidParameter($"'{path}' is a path of the provider {provider.Name}, not of the file system.", nameof(OutFile), path));
        if (Directory.Exists(found)) ThrowTerminatingError(AcmErrors.InvalidParameter($"'{path}' is a folder. Specify a file with -OutFile.", nameof(OutFile), path));
        return found;
    }
}
