using System.Management.Automation;
using System.Text;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Creates or replaces configurations from strings, files, or objects with a data ID and content.</summary>
[Cmdlet(VerbsCommon.Set, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ContentSet)]
[OutputType(typeof(AcmConfig))]
public sealed class SetAcmConfigCommand : ParallelCmdlet
{
    private const string ContentSet = "Content";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string FileSet = "File";
    private const int MaxPathLength = 4096;

    private readonly Dictionary<ConfigKey, Task> _lastOfKey = [];
    private readonly List<string> _lines = [];
    private ConfigKey? _linesKey;
    private string? _linesDataKey;
    private ConfigSources _sources = null!;
    private GrayTarget? _gray;
    private ChangePreview? _preview;
    private bool _gathersLines;
    private bool _hasLines;
    private bool _hasRecord;
    private bool _hasObject;
    private int _files;

    /// <summary>The data ID. Defaults to the file name for a file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ContentSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [Parameter(Position = 0, ParameterSetName = LiteralPathSet)]
    [Parameter(Position = 0, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string), typeof(IConvertible))]
    [ArgumentCompleter(typeof(DataIdCompleter))]
    public string? DataId { get; set; }

    /// <summary>The content. Several strings are joined with LF, without a trailing LF. Null and values that are not text are errors.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ContentSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ContentText]
    public string[]? Content { get; set; } = [];

    /// <summary>Files to publish. Wildcards are supported.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Files to publish, without wildcard expansion.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A file from Get-ChildItem.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet, ValueFromPipeline = true)]
    [ValidateNotNull]
    [Exact(typeof(FileInfo))]
    public FileInfo? InputObject { get; set; }

    /// <summary>Group. Defaults to DEFAULT_GROUP. Does not bind from piped files, because file objects on Linux have a Group property of their own.</summary>
    [Parameter(ParameterSetName = ContentSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupCompleter))]
    [PSDefaultValue(Help = ConfigKey.DefaultGroup)]
    public string? Group { get; set; }

    /// <summary>Join strings without a separator.</summary>
    [Parameter(ParameterSetName = ContentSet)]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>The encoding of the files. Defaults to that of their byte order mark, or UTF-8.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = FileSet)]
    [TextEncoding]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>Publish only if the stored configuration has this MD5.</summary>
    [Parameter]
    [ValidatePattern("^[0-9a-fA-F]{32}$")]
    public string? IfMatch { get; set; }

    /// <summary>Publish only if the configuration does not exist.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>With -IfMatch, after a conflict: publish the stored content again if the servers return other content. Clusters of Nacos 2.x with embedded storage can return rejected content for minutes.</summary>
    [Parameter]
    public SwitchParameter RepairOnConflict { get; set; }

    /// <summary>IP addresses of clients: publish a beta version for these only. Excludes conditions and metadata. Nacos only.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? BetaIp { get; set; }

    /// <summary>Publish only for clients that request this tag of up to 16 characters. Excludes conditions and metadata. Nacos only.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GrayTag { get; set; }

    /// <summary>Application name of the configuration. By default, the stored one is kept.</summary>
    [Parameter]
    [ValidateLength(1, 128)]
    public string? AppName { get; set; }

    /// <summary>Format of the content, such as yaml. By default, the stored one is kept, and a new configuration gets that of its extension. Nacos only.</summary>
    [Parameter]
    [ValidateSet("properties", "xml", "json", "text", "html", "yaml", "toml")]
    public string? Type { get; set; }

    /// <summary>Tags of the configuration. By default, the stored ones are kept; @() removes them. Nacos only.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyCollection]
    [ValidateCount(0, 5)]
    [ValidateLength(1, 64)]
    public string[]? Tag { get; set; }

    /// <summary>Description of the configuration. By default, the stored one is kept. Nacos only.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyString]
    [ValidateLength(0, 128)]
    public string? Description { get; set; }

    /// <summary>Allow publishing a <c>cipher-</c> data ID unencrypted if the connection has no KMS. Otherwise this is an error.</summary>
    [Parameter]
    public SwitchParameter AllowPlaintext { get; set; }

    /// <summary>Publish cipher text as it is, such as that of <c>Get-AcmConfig -NoDecrypt</c>. Does not need KMS.</summary>
    [Parameter(ParameterSetName = ContentSet)]
    public SwitchParameter NoEncrypt { get; set; }

    /// <summary>With -NoEncrypt, the data key for the cipher text of a <c>cipher-kms-aes-</c> data ID.</summary>
    [Parameter(ParameterSetName = ContentSet, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string? EncryptedDataKey { get; set; }

    /// <summary>Return the published configuration.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Prepare()
    {
        if (IfMatch is not null && NoClobber)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-IfMatch and -NoClobber cannot be combined: -IfMatch needs an existing configuration.", nameof(IfMatch)));

        if (MyInvocation.BoundParameters.ContainsKey(nameof(EncryptedDataKey)) && !NoEncrypt)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-EncryptedDataKey needs -NoEncrypt: otherwise the content is encrypted with a new key.", nameof(EncryptedDataKey)));

        if (RepairOnConflict && IfMatch is null)
            ThrowTerminatingError(AcmErrors.InvalidParameter("-RepairOnConflict needs -IfMatch: otherwise the publish has no condition.", nameof(RepairOnConflict)));

        _gray = GrayParameters.Target(this, isBeta: false, BetaIp, GrayTag);
        if (_gray is not null && (IfMatch ?? AppName ?? Type ?? Description ?? (object?)Tag ?? (NoClobber ? this : null)) is not null)
            ThrowTerminatingError(AcmErrors.InvalidParameter("A gray version has no condition and no metadata: omit -IfMatch, -NoClobber, -AppName, -Type, -Tag and -Description.", _gray.Tag is null ? nameof(BetaIp) : nameof(GrayTag)));

        base.Prepare();
        Progress.Activity = "Publishing configurations";
        _sources = new ConfigSources(this, Encoding, Pipeline);
        if (WantsPreview) _preview = new ChangePreview(Client, Pipeline, Host);

        // If the data ID is on the command line, piped strings are the lines of that configuration.
        _gathersLines = ParameterSetName == ContentSet && MyInvocation.BoundParameters.ContainsKey(nameof(DataId));
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        _hasRecord = true;
        if (ParameterSetName == ContentSet)
        {
            await ProcessContentAsync(KeyRequest.KeyOf(DataId!, Group), cancellationToken).ConfigureAwait(false);
            return;
        }

        // Read before the first await, because providers must be called on the pipeline thread.
        List<ConfigSourceText> sources = _sources.Read(
            ParameterSetName == FileSet ? [InputObject!.FullName] : ParameterSetName == PathSet ? Path : LiteralPath,
            literal: ParameterSetName != PathSet);
        _files += sources.Count;
        if (DataId is not null && _hasLines) RefuseMixture();
        if (DataId is not null && _files > 1)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                $"-DataId '{DataId}' requires a single file, but several were specified. Omit it to use the name of each file as its data ID.", nameof(DataId), DataId));
        }

        foreach (ConfigSourceText source in sources)
            await PublishAsync(DataId is null ? new ConfigKey(source.Name, Group ?? ConfigKey.DefaultGroup) : KeyRequest.KeyOf(DataId, Group), source.Text, dataKey: null, cancellationToken).ConfigureAwait(false);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (!_hasRecord) Pipeline.WriteWarning($"No input was piped; nothing was published{(DataId is null ? "" : $" as '{KeyRequest.KeyOf(DataId, Group)}'")}.");
        if (_hasLines)
        {
            string content = Join(_lines);
            if (!_hasObject) WarnOfPath(content);
            await PublishAsync(_linesKey!, content, _linesDataKey, cancellationToken).ConfigureAwait(false);
        }

        await base.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ProcessContentAsync(ConfigKey key, CancellationToken cancellationToken)
    {
        ContentMark? mark = Content is null ? null : ContentMark.Of(Content);
        string? refusal = Content is null ? ContentMark.Explain(null) : mark?.Refusal;
        if (refusal is not null)
        {
            ErrorRecord error = AcmErrors.Record(new AcmException(AcmErrorKind.InvalidContent, $"'{key}' was not published. {refusal}"), key);
            // A missing line would publish incomplete content, so the command ends.
            if (_gathersLines) ThrowTerminatingError(error);
            await Pipeline.WriteErrorAsync(error).ConfigureAwait(false);
            return;
        }

        if (WrongNamespace(mark?.Namespace, key) is { } wrong)
        {
            await Pipeline.WriteErrorAsync(wrong).ConfigureAwait(false);
            return;
        }

        if (!_gathersLines)
        {
            await PublishAsync(key, Join(Content!), DataKey, cancellationToken).ConfigureAwait(false);
            return;
        }

        if ((_hasLines && (mark is not null || _hasObject)) || _files > 0) RefuseMixture();
        _hasObject = mark is not null;
        _hasLines = true;
        _linesKey = key;
        _linesDataKey = DataKey;
        _lines.AddRange(Content!);
    }

    // Text that is the path of a file is usually a mistake. PowerShell takes a second to resolve 100 KB of Base64, which is longer than any path.
    private void WarnOfPath(string content)
    {
        if (content.Length is > 0 and <= MaxPathLength && content.IndexOf('\n') < 0 && _sources.IsFile(content))
            Pipeline.WriteWarning($"The content '{content}' is the name of an existing file, but is published as text. Use -Path to publish the content of the file.");
    }

    private void RefuseMixture() => ThrowTerminatingError(AcmErrors.InvalidParameter(
        $"-DataId '{DataId}' specifies one configuration, but several objects were piped. Nothing was published. Only strings are joined. Omit -DataId to publish each object under its own name.",
        nameof(DataId),
        DataId));

    // A piped decrypted configuration has the data key of its old cipher text, which must not be used for the new one.
    private string? DataKey => NoEncrypt && !string.IsNullOrEmpty(EncryptedDataKey) ? EncryptedDataKey : null;

    private string Join(IEnumerable<string> lines) => string.Join(NoNewline ? "" : "\n", lines);

    private async Task PublishAsync(ConfigKey key, string content, string? dataKey, CancellationToken cancellationToken)
    {
        PublishOptions options = Options(dataKey);
        try
        {
            bool hasMetadata = (Type ?? Description ?? (object?)Tag) is not null;
            if (hasMetadata) await Client.FindServerTypeAsync(Call, cancellationToken).ConfigureAwait(false);
            if (hasMetadata && Client.Capabilities.Protocol == "ACM")
            {
                throw new AcmException(AcmErrorKind.CapabilityMissing, $"'{key}' was not published: an ACM server stores no type, tags or description.") { Advice = "Omit -Type, -Tag and -Description.", Key = key };
            }

            // Checked before the prompt, so that -WhatIf and -Confirm report what the publish would reject.
            Client.CheckPublish(key, content, options);
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            await Window.AddAsync(() => OutcomeAsync(key, () => Task.FromException<Outcome>(e)), ThrottleLimit).ConfigureAwait(false);
            return;
        }

        if (await MayPublishAsync(key, content, options, cancellationToken).ConfigureAwait(false))
            await Window.AddAsync(() => Start(key, content, options, cancellationToken), ThrottleLimit).ConfigureAwait(false);
    }

    private async Task<bool> MayPublishAsync(ConfigKey key, string content, PublishOptions options, CancellationToken cancellationToken)
    {
        if (_preview is null) return await Pipeline.ShouldProcessAsync(Describe(key), _gray is null ? "Publish configuration" : $"Publish {_gray}").ConfigureAwait(false);

        AcmException error;
        try
        {
            return _gray is null
                ? await _preview.MayPublishAsync(key, content, options, Call, cancellationToken).ConfigureAwait(false)
                : await _preview.MayPublishGrayAsync(key, content, _gray, Call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            error = e;
        }

        await Window.AddAsync(() => OutcomeAsync(key, () => Task.FromException<Outcome>(error)), ThrottleLimit).ConfigureAwait(false);
        return false;
    }

    private PublishOptions Options(string? dataKey) => new()
    {
        IfMatch = IfMatch?.ToLowerInvariant(),
        CreateOnly = NoClobber,
        RepairOnConflict = RepairOnConflict,
        AppName = AppName,
        Type = Type,
        Tags = Tag is null ? null : string.Join(",", Tag),
        Description = Description,
        AllowPlaintext = AllowPlaintext,
        IsRaw = NoEncrypt,
        EncryptedDataKey = dataKey,
    };

    // Publishes of the same key run one after another, so that the last value of the input wins.
    private Task<Outcome> Start(ConfigKey key, string content, PublishOptions options, CancellationToken cancellationToken)
    {
        _lastOfKey.TryGetValue(key, out Task? before);
        Task<Outcome> work = OutcomeAsync(key, () => PublishAfterAsync(before, key, content, options, cancellationToken));
        _lastOfKey[key] = work;
        return work;
    }

    private async Task<Outcome> PublishAfterAsync(Task? before, ConfigKey key, string content, PublishOptions options, CancellationToken cancellationToken)
    {
        if (before is not null) await before.ConfigureAwait(false);
        if (_gray is not null)
        {
            AcmConfig gray = await Client.PublishGrayAsync(key, content, _gray, options, Call, cancellationToken).ConfigureAwait(false);
            return PassThru ? new Outcome(gray) : default;
        }

        PublishResult result = await Client.PublishAsync(key, content, options, Call, cancellationToken).ConfigureAwait(false);
        return PassThru ? new Outcome(result.Config) : default;
    }
}
