using System.Management.Automation;
using System.Text;
using Acm.Client.Transfer;

namespace AcmPowerShell;

/// <summary>Publishes files of a folder or zip that differ from the server, in the layout of Export-AcmConfig and the Python CLI.</summary>
[Cmdlet(VerbsData.Import, "AcmConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = PathSet)]
[OutputType(typeof(TransferSummary))]
[OutputType(typeof(TransferItem))]
[OutputType(typeof(AcmConfigDifference))]
public sealed class ImportAcmConfigCommand : PublishingCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    // With -Delete, piped sources are collected, because each would remove the configurations of the previous one.
    private readonly List<ConfigSet> _gathered = [];
    private int _paths;
    private KeySelection _selection = null!;

    /// <summary>The folder or zip.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true), ValidateNotNullOrEmpty, Exact(typeof(string)), SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The folder or zip, without wildcard expansion, or the output of Get-Item.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true), Alias("PSPath"), PipedPath]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>Data IDs. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 1), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(DataIdCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all. If there are no group folders, files are published to a single specified group.</summary>
    [Parameter(Position = 2), ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(GroupCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Literal prefixes of data IDs. Defaults to all.</summary>
    [Parameter, ValidateNotNullOrEmpty]
    public string[] Prefix { get; set; } = [];

    /// <summary>The encoding of the files. Defaults to UTF-8.</summary>
    [Parameter, TextEncoding, ArgumentCompleter(typeof(EncodingCompleter)), ValidateNotNull]
    public Encoding? Encoding { get; set; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _gathered.ForEach(source => source.Dispose());
    }

    private protected override void Prepare()
    {
        base.Prepare();
        _selection = new KeySelection(DataId, Group, Prefix, piped: null);
    }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        bool isLiteral = ParameterSetName == LiteralPathSet;
        _paths++;
        if (isLiteral && ReferenceEquals(LiteralPath, PipedPathAttribute.Unusable))
            ThrowTerminatingError(AcmErrors.InvalidParameter("A piped value is neither a path nor an item of the file system. Pipe paths, or the output of Get-Item.", nameof(LiteralPath)));

        if (Sides.OpenPath(isLiteral ? LiteralPath : Path, isLiteral, ParameterSetName, TransferSides.ReadOptions(Encoding, Group)) is not { } source) return;

        if (Delete)
        {
            _gathered.Add(source);
            return;
        }

        using (source) await RunAsync(source, Client, _selection, cancellationToken).ConfigureAwait(false);
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Delete && _paths > 1)
        {
            await Pipeline.WriteErrorAsync(AcmErrors.InvalidParameter(
                $"With -Delete, specify only one folder or zip: {_paths} paths were piped, and each would remove the configurations of the others. Nothing was published.", nameof(Delete))).ConfigureAwait(false);
            return;
        }

        foreach (ConfigSet source in _gathered) await RunAsync(source, Client, _selection, cancellationToken).ConfigureAwait(false);
    }
}
