using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Management.Automation;
using Acm.Client;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Exports the configurations of a namespace to a folder, a zip or the session's failover folder. What is exported is what the servers hold.</summary>
[Cmdlet(VerbsData.Export, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ExportSummary))]
[OutputType(typeof(ExportedItem))]
public sealed class ExportAcmConfigCommand : ParallelCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string FailoverSet = "Failover";
    private const string ZipEnd = ".zip";

    /// <summary>Servers without batch get answer for one at a time, and only their number makes up for the latency: below the 30 connections that the vendor allows an address.</summary>
    private const int Connections = 24;

    /// <summary>Nacos reads one at a time as well, and has no such limit.</summary>
    private const int NacosConnections = 48;

    private PipedKeys _piped = null!;
    private string _target = "";
    private bool _isZip;
    private bool _isFile;
    private ExportDialog? _dialog;

    /// <summary>Creates the command.</summary>
    public ExportAcmConfigCommand() => ThrottleLimit = Connections;

    /// <summary>The folder to export to, or a zip where it ends in <c>.zip</c>, or for one data id a file that is called so. What is missing of it is created; a zip that is there is replaced.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet), ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The folder or zip, taken as it is written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet), Alias("PSPath"), ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>Export to the session's failover folder, whose values go before every server's.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FailoverSet)]
    public SwitchParameter ToFailover { get; set; }

    /// <summary>Data ids, wildcards allowed; by default all. A wildcard that matches nothing is not an error; a name that is not there is.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups, wildcards allowed; by default all.</summary>
    [Parameter(Position = 2), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>What the data ids begin with, taken as it is written; by default anything.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Prefix { get; set; } = [];

    /// <summary>Types to export, as yaml; by default all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, ArgumentCompleter(typeof(TypeCompleter))]
    public string[] Type { get; set; } = [];

    /// <summary>Tags to export: what has one of them; by default all. Nacos only.</summary>
    [Parameter, ValidateNotNullOrEmpty, SingleTag]
    public string[] Tag { get; set; } = [];

    /// <summary>Application names to export, case-sensitive; by default all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] AppName { get; set; } = [];

    /// <summary>Objects with a data id and a group, as Find-AcmConfig writes them: only these are exported.</summary>
    [Parameter(ValueFromPipeline = true), AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Export encrypted configurations as the server holds them.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter NoDecrypt { get; set; }

    /// <summary>The layout of a zip: Acm, that of this module and the Python CLI, Nacos, which the console of Nacos imports, or NacosV1, the older layout of that console. By default Acm.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet), ValidateSet(nameof(ZipLayout.Acm), nameof(ZipLayout.Nacos), nameof(ZipLayout.NacosV1))]
    public string Format { get; set; } = nameof(ZipLayout.Acm);

    /// <summary>Delete the files of the folder that stand for configurations which the server does not have. It asks, unless -Confirm:$false or -Force. Hidden files are left alone.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Delete { get; set; }

    /// <summary>Delete without a question, and export a namespace that has nothing: an empty zip may take another one's place, and a folder lose all its files.</summary>
    [Parameter(ParameterSetName = PathSet), Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>Write an object for each file, instead of the summary.</summary>
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
                $"'{_target}' is a file. Specify a folder, a zip whose name ends in {ZipEnd}, or for one -DataId a file.", nameof(Path), _target));
        }
    }

    private protected override Task ProcessAsync(CancellationToken cancellationToken) => _piped.AddAsync(InputObject, WrongNamespace, NamespaceText.Of(Client));

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        // What was found and piped may be nothing. That is not everything, nor a reason to replace a zip by an empty one.
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
        if (!PassThru && !dialog.IsDeclined) await Pipeline.WriteObjectAsync(summary).ConfigureAwait(false);
    }

    /// <summary>Whether the target is called like the one data id that is exported: nobody means a folder of that name.</summary>
    private bool IsOneFile() =>
        IsOnlyRecord && InputObject is null && DataId is [{ } name] && !WildcardPattern.ContainsWildcardCharacters(name)
        && System.IO.Path.GetFileName(_target) == KeyRequest.KeyOf(name, group: null).DataId && !Directory.Exists(_target);

    /// <summary>What type, tag and application name select; null where none is given. What they leave out is neither exported nor deleted.</summary>
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
            // The list says what is wrong, or snapshots answer for it.
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
            // As everywhere in PowerShell: a wildcard may name what is there, if it is one.
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
