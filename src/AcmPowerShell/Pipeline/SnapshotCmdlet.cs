using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>A command that looks after a folder of snapshots: the session's, or any. It asks no server, and needs no connection where it is given a path.</summary>
public abstract class SnapshotCmdlet : AsyncCmdlet
{
    private protected const string SessionSet = "Session";

    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private KeyPattern _keys = null!;
    private WildcardPattern? _namespaces;

    /// <summary>Data ids, wildcards allowed; by default all.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups, wildcards allowed; by default all.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>The namespace, wildcards allowed; by default the session's, and with a path all. An empty one is the default namespace.</summary>
    [Parameter]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace { get; set; }

    /// <summary>The folder of snapshots; by default the session's. A failover folder that was exported has the same layout.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The folder of snapshots, taken as it is written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The connection whose folder is meant; by default the one that Connect-Acm made last in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <summary>The folder.</summary>
    private protected SnapshotFolder Folder { get; private set; } = null!;

    /// <summary>The namespace as the user is told it: <c>namespace prod</c>.</summary>
    private protected string Subject =>
        _namespaces is null || Namespace == "*" ? "all namespaces" : NamespaceText.Of(Namespace);

    private protected override void Prepare()
    {
        string folder = Path is not null ? GivenFolder(Path, isLiteral: false) : LiteralPath is not null ? GivenFolder(LiteralPath, isLiteral: true) : SessionFolder();
        Folder = new SnapshotFolder(folder) { IsFailover = IsFailover(folder) };
        _keys = new KeyPattern(DataId, Group);
        if (Namespace is not null) _namespaces = KeyPattern.Parse(NamespaceName.Normalize(Namespace));
    }

    /// <summary>The snapshots that are meant.</summary>
    private protected IEnumerable<SnapshotInfo> Find() =>
        Folder.List().Where(snapshot => _keys.Matches(snapshot.Key) && _namespaces?.IsMatch(snapshot.Namespace) != false);

    /// <summary>Whether a connection of this runspace reads the folder before every server.</summary>
    private static bool IsFailover(string folder) => RunspaceResources.Of(Runspace.DefaultRunspace).Sessions.Any(
        session => session.FailoverPath is { } path && System.IO.Path.GetFullPath(path).TrimEnd(System.IO.Path.DirectorySeparatorChar) == System.IO.Path.GetFullPath(folder).TrimEnd(System.IO.Path.DirectorySeparatorChar));

    private string SessionFolder()
    {
        AcmSession session = Session ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current ?? throw AcmErrors.NotConnected();
        Namespace ??= session.Namespace;
        if (session.SnapshotPath is { } path) return path;

        ThrowTerminatingError(AcmErrors.InvalidParameter("This session has no snapshot folder. Specify one with -Path.", nameof(Session)));
        return "";
    }

    private string GivenFolder(string path, bool isLiteral)
    {
        Collection<string> found;
        ProviderInfo provider;
        if (!isLiteral && WildcardPath.Is(path))
        {
            found = GetResolvedProviderPathFromPSPath(path, out provider);
        }
        else
        {
            found = [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)];
        }

        if (provider.Name == "FileSystem" && found.Count == 1 && !File.Exists(found[0])) return found[0];

        ThrowTerminatingError(AcmErrors.InvalidParameter($"'{path}' is not one folder of the file system.{(isLiteral || found.Count == 1 ? "" : " -LiteralPath takes brackets and stars as they are.")}", isLiteral ? nameof(LiteralPath) : nameof(Path), path));
        return "";
    }
}
