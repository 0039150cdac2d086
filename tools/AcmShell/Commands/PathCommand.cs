using System.Diagnostics.CodeAnalysis;
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

    /// <summary>
    /// Runs a step and writes what the provider throws as that path's error. The step must not write to the pipeline: what a
    /// command further down throws comes up through WriteObject and is no error of this path.
    /// </summary>
    protected bool Attempt<T>(string path, Func<T> step, [MaybeNullWhen(false)] out T result)
    {
        try
        {
            result = step();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            || (e is IContainsErrorRecord and not PipelineStoppedException))
        {
            WriteError(Record(e, path));
            result = default;
            return false;
        }
    }

    /// <summary>The existing items that a path, with its wildcards, stands for; a plain name that is not there throws.</summary>
    protected IReadOnlyList<PathInfo> Resolve(string path) =>
        SessionState.Path.GetResolvedPSPathFromPSPath(IsLiteral ? WildcardPattern.Escape(path) : path);

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
