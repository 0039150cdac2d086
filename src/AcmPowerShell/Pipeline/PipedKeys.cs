using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Collects the keys of piped objects for a command that processes them together, in the namespace of the command.</summary>
/// <param name="cmdlet">The command.</param>
/// <param name="pipeline">The output of the command.</param>
/// <param name="isPiped">Whether objects are piped, or given with -InputObject.</param>
internal sealed class PipedKeys(PSCmdlet cmdlet, PipelineWriter pipeline, bool isPiped)
{
    private readonly HashSet<ConfigKey> _keys = [];
    private bool _hasWarned;

    /// <summary>Gets the piped keys, or null if the command has no piped input.</summary>
    internal IReadOnlyCollection<ConfigKey>? Keys => isPiped ? _keys : null;

    /// <summary>Adds the key of a piped object. An object without a key ends the command. Runs on the pipeline thread up to the first await.</summary>
    /// <param name="item">The object.</param>
    /// <param name="wrongNamespace">Returns the error for an object of another namespace, or null.</param>
    /// <param name="read">The namespace to read in every case; an object of another namespace is then a warning, once. If null, such an object is an error and is skipped.</param>
    internal async Task AddAsync(PSObject? item, Func<string?, object, ErrorRecord?> wrongNamespace, string? read)
    {
        if (!isPiped) return;

        ConfigKey? key = item is null ? null : KeySelection.KeyOf(item);
        if (key is null)
        {
            cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter(
                "Pipe objects that have a DataId and a Group, such as the output of Find-AcmConfig, or specify names with -DataId. No action was taken.", "InputObject", item));
        }

        string? origin = item!.Properties["Namespace"]?.Value?.ToString();
        ErrorRecord? wrong = wrongNamespace(origin, key!);
        if (wrong is not null && read is null)
        {
            _hasWarned = true;
            await pipeline.WriteErrorAsync(wrong).ConfigureAwait(false);
            return;
        }

        if (wrong is not null && !_hasWarned)
        {
            _hasWarned = true;
            pipeline.WriteWarning(OtherNamespace(origin, read!));
        }

        _keys.Add(key!);
    }

    /// <summary>Returns the warning for piped objects that come from another namespace.</summary>
    internal static string OtherNamespace(string? origin, string read) =>
        $"The piped objects come from {NamespaceText.Of(origin)}, but their names are read from {read}. Specify -Namespace to choose the namespace.";

    /// <summary>Returns whether piped input had no keys, and writes a warning in that case.</summary>
    /// <param name="done">The participle for the warning, as in <c>exported</c>.</param>
    internal bool IsEmpty(string done)
    {
        if (!isPiped || _keys.Count > 0) return false;

        if (!_hasWarned) pipeline.WriteWarning($"No input was piped; nothing was {done}.");
        return true;
    }
}
