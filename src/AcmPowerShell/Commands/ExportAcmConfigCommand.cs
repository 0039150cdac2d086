using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Exports the configurations of a namespace to a folder, a zip or the session's failover folder. Values come from the servers, not from failover files or snapshots.</summary>
[Cmdlet(VerbsData.Export, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ExportSummary))]
[OutputType(typeof(ExportedItem))]
public sealed class ExportAcmConfigCommand : ParallelCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string FailoverSet = "Failover";
    private const string ZipEnd = ".zip";

    /// <summary>Default for servers without batch get, where only concurrency hides the latency. Below the limit of 30 connections per client address of ACM.</summary>
    private const int Connections = 24;

    /// <summary>Default for Nacos, which has no batch get and no such limit.</summary>
    private const int NacosConnections = 48;

    /// <summary>Largest zip that the console of Nacos 1.4.8, 2.5.1 and 3.0.3 imports, in bytes: the default multipart limit of Spring Boot.</summary>
    private const long ConsoleUploadLimit = 1024 * 1024;

    private PipedKeys _piped = null!;
    private string _target = "";
    private bool _isZip;
    private bool _isFile;
    private ExportDialog? _dialog;

    /// <summary>Initializes the command.</summary>
    public ExportAcmConfigCommand() => ThrottleLimit = Connections;

    /// <summary>The target folder, a zip if the name ends in <c>.zip</c>, or a file with the name of the only data ID. Missing folders are created, and an existing zip is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet), ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The target, without wildcard expansion.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet), Alias("PSPath"), ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>Export to the session's failover folder, which takes precedence over the servers.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FailoverSet)]
    public SwitchParameter ToFailover { get; set; }

    /// <summary>Data IDs. Wildcards are supported. Defaults to all. A wildcard without a match is not an error; a missing name is.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 2), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Literal prefixes of data IDs. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Prefix { get; set; } = [];

    /// <summary>Types to export, such as yaml. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>Export configurations with at least one of these tags. Defaults to all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, SingleTag]
    public string[] Tag { get; set; } = [];

    /// <summary>Application names to export, case-sensitive. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] AppName { get; set; } = [];

    /// <summary>Objects with a data ID and a group, such as those of Find-AcmConfig. Only these configurations are exported.</summary>
    [Parameter(ValueFromPipeline = true), AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Export encrypted configurations as stored.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter NoDecrypt { get; set; }

    /// <summary>The layout of a zip: Acm for this module and the Python CLI, Nacos for the Nacos console, or NacosV1 for old versions of that console. Defaults to Acm.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), ValidateSet(nameof(ZipLayout.Acm), nameof(ZipLayout.Nacos), nameof(ZipLayout.NacosV1))]
    public string Format { get; set; } = nameof(ZipLayout.Acm);

    /// <summary>Delete files of the folder whose configurations the server does not have. Prompts unless -Confirm:$false or -Force is specified. Hidden files are kept.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Delete { get; set; }

    /// <summary>Delete without a prompt, and export an empty namespace: an empty zip can replace an existing one, and a folder can lose all its files.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>Return an object for each file, instead of the summary.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool IsInLastStep => _dialog is { IsCommitting: true };

    private protected override string? StoppedHalfWay() => _dialog?.StoppedNotice(WasStopped);

    private protected override void Prepare()
    {
        base.Prepare();
        Progress.Activity = "Exporting configurations";
        _piped = new PipedKeys(this, Pipeline, isPiped: !IsOnlyRecord || InputObject is not null);
        _target = ParameterSetName == FailoverSet ? FailoverFolder() : FileSystemTarget();
        _isZip = ParameterSetName != FailoverSet && _target.EndsWith(ZipEnd, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(_target);
        if (!_isZip && MyInvocation.BoundParameters.ContainsKey(nameof(Format))) ThrowTerminatingError(AcmErrors.InvalidParameter($"-Format is the layout of a zip, and '{_target}' does not end in {ZipEnd}.", nameof(Format), Format));
        _isFile = ParameterSetName != FailoverSet && !_isZip && IsOneFile();
        if (_isFile && Delete) ThrowTerminatingError(AcmErrors.InvalidParameter("-Delete needs a folder, but the target is one file.", nameof(Delete)));
        if (ParameterSetName != FailoverSet && !_isZip && !_isFile && File.Exists(_target))
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                $"'{_target}' is a file. Specify a folder, or a zip whose name ends in {ZipEnd}. To export one configuration to a file, also specify its -DataId.", nameof(Path), _target));
        }
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _piped.AddAsync(InputObject, WrongNamespace, NamespaceText.Of(Client));

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        // Piped input without objects must not export everything, nor replace a zip by an empty one.
        if (_piped.IsEmpty("exported")) return;

        var selection = new KeySelection(DataId, Group, Prefix, _piped.Keys);
        HashSet<ConfigKey>? chosen = await ChosenAsync(selection, cancellationToken).ConfigureAwait(false);
        bool IsChosen(ConfigKey key) => selection.Matches(key) && chosen?.Contains(key) != false;
        if (_isFile)
        {
            await ExportFileAsync(IsChosen, cancellationToken).ConfigureAwait(false);
            return;
        }

        string subject = NamespaceText.Of(Client);
        var dialog = _dialog = new ExportDialog(Pipeline, Progress, subject, _target)
        {
            Missing = chosen is null ? selection.Missing : static _ => [],
            PassThru = PassThru,
            Force = Force,
            ReplacesZip = _isZip && File.Exists(_target),
            WhatIf = WantsWhatIf,
            WritesAtOnce = ParameterSetName == FailoverSet,
            IsConfirmed = Confirm == false,
        };
        var exporter = new ConfigExporter(Client, new ExportOptions
        {
            Filter = IsChosen,
            Parallelism = await ParallelismAsync(cancellationToken).ConfigureAwait(false),
            NoDecrypt = NoDecrypt,
            ZipLayout = Enum.TryParse(Format, ignoreCase: true, out ZipLayout layout) ? layout : ZipLayout.Acm,
            Delete = Delete,
            AllowEmpty = Force,
            Call = Call,
            Observer = dialog,
        });
        ExportSummary summary = await (
            ParameterSetName == FailoverSet ? exporter.ToFailoverAsync(_target, cancellationToken)
            : _isZip ? exporter.ToZipAsync(_target, cancellationToken)
            : exporter.ToFolderAsync(_target, cancellationToken)).ConfigureAwait(false);
        if (_isZip && layout != ZipLayout.Acm && !dialog.IsDeclined && new FileInfo(_target) is { Length: > ConsoleUploadLimit } zip)
            Pipeline.WriteWarning($"'{_target}' has {Display.Size(zip.Length)}. The Nacos console rejects uploads over 1 MB by default. Export fewer configurations at once, for example with -Group or -Prefix.");
        if (!PassThru && !dialog.IsDeclined) await Pipeline.WriteObjectAsync(summary).ConfigureAwait(false);
    }

    /// <summary>Returns whether the target is a file: it has the name of the only data ID to export.</summary>
    private bool IsOneFile() =>
        IsOnlyRecord && InputObject is null && DataId is [{ } name] && !WildcardPattern.ContainsWildcardCharacters(name)
        && System.IO.Path.GetFileName(_target) == KeyRequest.KeyOf(name, group: null).DataId && !Directory.Exists(_target);

    /// <summary>Returns the keys that match type, tag and application name, or null if none is specified. Other configurations are neither exported nor deleted.</summary>
    private async Task<HashSet<ConfigKey>?> ChosenAsync(KeySelection selection, CancellationToken cancellationToken)
    {
        if (Type.Length + Tag.Length + AppName.Length == 0) return null;

        var chosen = new HashSet<ConfigKey>();
        ConfigFilter filter = selection.ToFilter() with { Types = Type, Tags = Tag, AppNames = AppName };
        await foreach (ConfigItem item in Client.ListAsync(filter, Call, cancellationToken).ConfigureAwait(false)) chosen.Add(item.Key);
        return chosen;
    }

    private async Task<int> ParallelismAsync(CancellationToken cancellationToken)
    {
        if (MyInvocation.BoundParameters.ContainsKey(nameof(ThrottleLimit))) return ThrottleLimit;

        try
        {
            await Client.FindServerTypeAsync(Call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException)
        {
            // The following list request reports the error.
            return ThrottleLimit;
        }

        return Client.Capabilities.Protocol == "Nacos" ? NacosConnections : ThrottleLimit;
    }

    private async Task ExportFileAsync(Func<ConfigKey, bool> isChosen, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        var call = new AcmCallOptions { TryTimeout = Call.TryTimeout, NoSnapshot = true, NoFailover = true, NoDecrypt = NoDecrypt, Log = Call.Log };
        var keys = new List<ConfigKey>();
        await foreach (ConfigItem item in Client.ListAsync(null, call, cancellationToken).ConfigureAwait(false))
            if (isChosen(item.Key)) keys.Add(item.Key);

        if (keys.Count != 1)
        {
            ErrorRecord error = keys.Count > 1
                ? AcmErrors.InvalidParameter($"'{DataId[0]}' exists in the groups {string.Join(", ", keys.Select(key => $"'{key.Group}'"))}, and '{_target}' is one file. Specify -Group.", nameof(Group), DataId[0])
                : AcmErrors.Record(new AcmException(AcmErrorKind.ConfigNotFound, $"Configuration '{DataId[0]}' was not found in {NamespaceText.Of(Client)}."), DataId[0]);
            await Pipeline.WriteErrorAsync(error).ConfigureAwait(false);
            return;
        }

        if (!await Pipeline.ShouldProcessAsync(_target, $"Export configuration '{Describe(keys[0])}'").ConfigureAwait(false)) return;

        AcmConfig config = await Client.GetAsync(keys[0], call, cancellationToken).ConfigureAwait(false);
        ExportedItem written = ConfigFileWriter.Write(config, _target);
        await Pipeline.WriteObjectAsync(PassThru ? written : new ExportSummary
        {
            Path = _target,
            Namespace = Client.Namespace,
            Exported = written.State == ExportState.Exported ? 1 : 0,
            Unchanged = written.State == ExportState.Unchanged ? 1 : 0,
            Deleted = 0,
            Failed = 0,
            Bytes = written.Size,
            Duration = TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - started) / (double)Stopwatch.Frequency),
        }).ConfigureAwait(false);
    }

    private string FailoverFolder()
    {
        if (Client.Options.FailoverPath is { } path) return path;

        ThrowTerminatingError(AcmErrors.InvalidParameter("This session has no failover folder. Specify one with Connect-Acm -FailoverPath.", nameof(ToFailover)));
        return "";
    }

    private string FileSystemTarget()
    {
        bool isLiteral = ParameterSetName == LiteralPathSet;
        string path = isLiteral ? LiteralPath : Path;
        ProviderInfo provider;
        string target;
        if (!isLiteral && WildcardPath.Is(path))
        {
            // A wildcard is resolved to an existing item, which must be the only match.
            Collection<string> found = GetResolvedProviderPathFromPSPath(path, out provider);
            if (found.Count != 1)
            {
                ThrowTerminatingError(AcmErrors.InvalidParameter(
                    $"'{path}' matches {found.Count} folders and files; an export needs one. Use -LiteralPath for names with brackets or asterisks.", nameof(Path), path));
            }

            target = found[0];
        }
        else
        {
            target = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _);
        }

        if (provider.Name != "FileSystem")
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                $"'{path}' is a path of the provider {provider.Name}. Exports need the file system.", isLiteral ? nameof(LiteralPath) : nameof(Path), path));
        }

        return target;
    }
}
