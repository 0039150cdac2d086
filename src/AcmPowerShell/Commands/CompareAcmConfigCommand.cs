using System.Management.Automation;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>
/// Compares two folders, zips or namespaces and returns the changes that would make the second side equal to the first. Changes nothing.
/// </summary>
[Cmdlet(VerbsData.Compare, "AcmConfig")]
[OutputType(typeof(AcmConfigDifference))]
[OutputType(typeof(bool))]
public sealed class CompareAcmConfigCommand : AcmCmdlet
{
    private readonly TransferSides _sides;
    private RevisionQuery? _past;
    private ConfigSet? _source;
    private ConfigSet? _target;
    private PipedKeys _piped = null!;

    /// <summary>Initializes the command.</summary>
    public CompareAcmConfigCommand() => _sides = new TransferSides(this, Pipeline);

    /// <summary>The first side (the desired state): a folder or a zip. Defaults to the namespace of the session, -Namespace, -Session or -Profile.</summary>
    [Parameter(Position = 0), ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The second side (the current state): a folder or a zip. Defaults to the namespace of -ToNamespace, -ToSession or -ToProfile, or of the session if the first side is a folder or zip.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty]
    public string? ToPath { get; set; }

    /// <summary>The namespace of the second side. Defaults to that of -ToSession or -ToProfile.</summary>
    [Parameter, AllowEmptyString, ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? ToNamespace { get; set; }

    /// <summary>The connection for the second side.</summary>
    [Parameter, ValidateNotNull]
    public AcmSession? ToSession { get; set; }

    /// <summary>The profile to connect to the second side with, for this command only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? ToProfile { get; set; }

    /// <summary>Data IDs. Wildcards are supported. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all. If a folder or zip has no group folders, its files belong to a single specified group.</summary>
    [Parameter, ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Literal prefixes of data IDs. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Prefix { get; set; } = [];

    /// <summary>The encoding of the files. Defaults to UTF-8.</summary>
    [Parameter, TextEncoding, ArgumentCompleter(typeof(EncodingCompleter)), ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <summary>Objects with a data ID and a group, such as those of Find-AcmConfig. Only these configurations are compared.</summary>
    [Parameter(ValueFromPipeline = true), AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Compare the configuration after this version, as Get-AcmConfigHistory shows it, with the current one on the server.</summary>
    [Parameter, ArgumentCompleter(typeof(VersionCompleter))]
    public long Version { get; set; }

    /// <summary>Compare the configurations before their last change with the current ones on the server.</summary>
    [Parameter]
    public SwitchParameter Previous { get; set; }

    /// <summary>Also return configurations that are equal.</summary>
    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    /// <summary>Ignore configurations that only the second side has.</summary>
    [Parameter]
    public SwitchParameter IgnoreExtra { get; set; }

    /// <summary>Compare encrypted configurations as stored. Does not need KMS.</summary>
    [Parameter]
    public SwitchParameter NoDecrypt { get; set; }

    /// <summary>Return only whether both sides are equal.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Profile to connect with, for this command only. Defaults to the current connection.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Profile { get; set; }

    /// <summary>Case-insensitive wildcards for names of secret values, which diffs show as asterisks. A pattern that starts with ! is an exception.</summary>
    [Parameter, ValidateNotNull, AllowEmptyCollection, SupportsWildcards]
    public string[] SecretPattern { get; set; } = [.. SecretNames.Defaults];

    /// <summary>Maximum number of concurrent requests: 1 to 256. Defaults to 16.</summary>
    [Parameter, ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    private protected override bool NeedsSession => HasSession;

    // Two paths need no connection, so piped keys can come from any namespace.
    private bool HasSession => !(Path is not null && ToPath is not null);

    private bool HasOther => ToNamespace is not null || ToSession is not null || ToProfile is not null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;

        _sides.Dispose();
        _source?.Dispose();
        _target?.Dispose();
    }

    private protected override void Prepare()
    {
        _past = Past();
        if (_past is null && Path is null && ToPath is null && !HasOther)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                "Specify what to compare. A folder or zip with the namespace of the session: Compare-AcmConfig ./config. Two namespaces: -Namespace dev -ToNamespace prod.", nameof(Path)));
        }

        if (ToPath is not null && HasOther) ThrowTerminatingError(AcmErrors.InvalidParameter("-ToPath cannot be combined with -ToNamespace, -ToSession and -ToProfile: each specifies the second side.", nameof(ToPath), ToPath));

        Session = _sides.Use(Profile, Session);
        base.Prepare();
        Progress.Activity = "Comparing configurations";
        _piped = new PipedKeys(this, Pipeline, isPiped: !IsOnlyRecord || InputObject is not null);
        _ = new KeySelection(DataId, Group, Prefix, piped: null);
        if (_past is not null) return;

        AcmClient? other = HasOther ? _sides.Other(Client, ToSession, ToProfile, ToNamespace) : null;
        FileReadOptions options = TransferSides.ReadOptions(Encoding, Group);
        _source = Path is null ? TransferSides.SetOf(Client, other) : _sides.OpenPath(Path, Exists(Path), nameof(Path), options);
        _target = ToPath is not null ? _sides.OpenPath(ToPath, Exists(ToPath), nameof(ToPath), options) : other is not null ? TransferSides.SetOf(other, Path is null ? Client : null) : TransferSides.SetOf(Client);
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _piped.AddAsync(InputObject, HasSession ? WrongNamespace : (_, _) => null, HasSession ? NamespaceText.Of(Client) : "");

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_past is not null)
        {
            if (!_piped.IsEmpty("compared")) await ComparePastAsync(_past, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (_source is null || _target is null || _piped.IsEmpty("compared")) return;

        var selection = new KeySelection(DataId, Group, Prefix, _piped.Keys);

        TransferPlan plan = await TransferPlan.CompareAsync(
            _source,
            _target,
            new TransferOptions
            {
                Filter = selection.Matches,
                IncludeRemoved = !IgnoreExtra,
                NoDecrypt = NoDecrypt,
                Parallelism = ThrottleLimit,
                Call = Call,
                Compared = key =>
                {
                    Progress.Current = key.ToString();
                    Progress.Advance();
                },
            },
            cancellationToken).ConfigureAwait(false);
        if (await _sides.ReportAsync(plan, selection).ConfigureAwait(false)) return;

        if (Quiet)
        {
            await Pipeline.WriteObjectAsync(plan.Items.All(item => item.State == DifferenceState.Unchanged)).ConfigureAwait(false);
            return;
        }

        TransferItem[] shown = [.. plan.Items.Where(item => item.Error is null && (IncludeEqual || item.State != DifferenceState.Unchanged))];
        await _sides.WriteDifferencesAsync(plan, shown, SecretPattern, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the version in the history that is the first side, or null if it is a folder, a zip or a namespace.</summary>
    private RevisionQuery? Past()
    {
        bool hasVersion = MyInvocation.BoundParameters.ContainsKey(nameof(Version));
        if (!hasVersion && !Previous) return null;
        if (hasVersion && Previous) ThrowTerminatingError(AcmErrors.InvalidParameter("-Version and -Previous cannot be combined: each specifies the first side.", nameof(Version)));
        if (Path is not null || ToPath is not null || HasOther) ThrowTerminatingError(AcmErrors.InvalidParameter("-Version and -Previous compare with the current content on the server: specify -DataId, and no other side.", nameof(Version)));
        return hasVersion ? RevisionQuery.After(Version) : RevisionQuery.Previous;
    }

    private async Task ComparePastAsync(RevisionQuery past, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfigKey> keys = await KeysAsync(cancellationToken).ConfigureAwait(false);
        if (past != RevisionQuery.Previous && keys.Count > 1)
        {
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter($"-Version needs one configuration, but {keys.Count} are selected. Specify one with -DataId.", nameof(Version), Version)).ConfigureAwait(false);
            return;
        }

        var comparison = new PastComparison(Client, new AcmCallOptions { TryTimeout = Call.TryTimeout, Log = Call.Log, NoSnapshot = true, NoFailover = true, NoDecrypt = NoDecrypt, WithMetadata = true }, past, TransferSides.Redaction(SecretPattern));
        bool isEqual = true;
        bool hasFailed = false;
        foreach (ConfigKey key in keys)
        {
            if (await CompareAsync(comparison, key, cancellationToken).ConfigureAwait(false) is not { } difference)
            {
                hasFailed = true;
                continue;
            }

            isEqual &= difference.State == AcmDifferenceState.Unchanged;
            if (!Quiet && (IncludeEqual || difference.State != AcmDifferenceState.Unchanged)) await Pipeline.WriteObjectAsync(difference).ConfigureAwait(false);
        }

        // A failed comparison has no result.
        if (Quiet && !hasFailed) await Pipeline.WriteObjectAsync(isEqual).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ConfigKey>> KeysAsync(CancellationToken cancellationToken)
    {
        if (_piped.Keys is { } piped) return [.. piped];

        var gathering = new KeyGathering(Client, Call, Pipeline);
        await gathering.AddAsync(DataId, MyInvocation.BoundParameters.ContainsKey(nameof(Group)) ? Group : KeyRequest.DefaultGroups, cancellationToken, groupOfPattern: "*").ConfigureAwait(false);
        return [.. gathering.Keys.Where(key => Prefix.Length == 0 || Array.Exists(Prefix, prefix => key.DataId.StartsWith(prefix, StringComparison.Ordinal)))];
    }

    private async Task<AcmConfigDifference?> CompareAsync(PastComparison comparison, ConfigKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await comparison.CompareAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (!AcmErrors.EndsCommand(e.Kind))
        {
            await Pipeline.WriteErrorAsync(AcmErrors.Record(e, key)).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Returns whether a path exists literally, such as '[default].zip', whose brackets are then not wildcards.</summary>
    private bool Exists(string path) =>
        SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _) is var item
        && provider.Name == "FileSystem"
        && (Directory.Exists(item) || File.Exists(item));
}
