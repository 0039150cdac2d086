using System.Management.Automation;

namespace AcmShell.Commands;

/// <summary>What commands that take paths share: one bad path is one error, and the others go on.</summary>
internal abstract class PathCommand : PSCmdlet
{
    protected const string ByPath = "Path";
    protected const string ByLiteralPath = "LiteralPath";

    protected bool IsLiteral => ParameterSetName == ByLiteralPath;

    /// <summary>The engine's file system provider is the only one whose paths .NET can open.</summary>
    protected static bool IsFileSystem(PathInfo path) =>
        path.Provider.ImplementingType == typeof(Microsoft.PowerShell.Commands.FileSystemProvider);

    /// <summary>Runs a step for each path and writes what the provider throws as that path's error.</summary>
    protected void ForEachPath(IEnumerable<string> paths, Action<string> step)
    {
        foreach (string path in paths)
        {
            try
            {
                step(path);
            }
            catch (Exception e) when (e is IContainsErrorRecord and not PipelineStoppedException and not FlowControlException
                or IOException or UnauthorizedAccessException)
            {
                WriteError(Record(e, path));
            }
        }
    }

    /// <summary>The existing items that a path, with its wildcards, stands for.</summary>
    protected IReadOnlyList<PathInfo> Resolve(string path)
    {
        var found = SessionState.Path.GetResolvedPSPathFromPSPath(IsLiteral ? WildcardPattern.Escape(path) : path);
        // A wildcard that fits nothing is no error; a name that is not there throws.
        return found;
    }

    private static ErrorRecord Record(Exception error, string path)
    {
        if (error is IContainsErrorRecord { ErrorRecord: { } record }) return new ErrorRecord(record, error);
        ErrorCategory category = error switch
        {
            UnauthorizedAccessException => ErrorCategory.PermissionDenied,
            FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
            _ => ErrorCategory.InvalidOperation,
        };
        return new ErrorRecord(error, error.GetType().Name, category, path);
    }
}
