using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Base class of the commands that manage a snapshot folder. They send no requests, and need no connection if a path is specified.</summary>
public abstract class SnapshotCmdlet : AsyncCmdlet
{
    private protected const string SessionSet = "Session";

    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private KeyPattern _keys = null!;
    private WildcardPattern? _namespaces;

    /// <summary>Data IDs. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(SnapshotCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>The namespace. Wildcards are supported. Defaults to that of the session, or to all with a path. An empty string selects the default namespace.</summary>
    [Parameter]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public string? Namespace { get; set; }

    /// <summary>The snapshot folder. Defaults to that of the session. An exported failover folder has the same layout.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The snapshot folder, without wildcard expansion.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? LiteralPath { get; set; }

    /// <summary>The connection whose folder to use. Defaults to the latest connection of Connect-Acm in this runspace.</summary>
    [Parameter]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <summary>Gets the snapshot folder.</summary>
    private protected SnapshotFolder Folder { get; private set; } = null!;

    /// <summary>Gets the namespace for prompts, as in <c>namespace prod</c>.</summary>
    private protected string Subject =>
        _namespaces is null || Namespace == "*" ? "all namespaces" : NamespaceText.Of(Namespace);

    private protected override void Prepare()
    {
        string folder = Path is not null ? GivenFolder(Path, isLiteral: false) : LiteralPath is not null ? GivenFolder(LiteralPath, isLiteral: true) : SessionFolder();
        Folder = new SnapshotFolder(folder) { IsFailover = IsFailover(folder) };
        _keys = new KeyPattern(DataId, Group);
        if (Namespace is not null) _namespaces = KeyPattern.Parse(NamespaceName.Normalize(Namespace));
    }

    /// <summary>Returns the selected snapshots.</summary>
    private protected IEnumerable<SnapshotInfo> Find() =>
        Folder.List().Where(snapshot => _keys.Matches(snapshot.Key) && _namespaces?.IsMatch(snapshot.Namespace) != false);

    /// <summary>Returns whether the folder is the failover folder of a connection in this runspace.</summary>
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

        ThrowTerminatingError(AcmErrors.InvalidParameter($"'{path}' is not a single folder in the file system.{(isLiteral || found.Count == 1 ? "" : " Use -LiteralPath for a path that contains wildcard characters.")}", isLiteral ? nameof(LiteralPath) : nameof(Path), path));
        return "";
    }
}
