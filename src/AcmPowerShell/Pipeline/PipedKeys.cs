using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Gathers the keys of piped objects for a command that works on them as a whole, in the namespace that the command line says.</summary>
/// <param name="cmdlet">The command.</param>
/// <param name="pipeline">Where its errors and warnings go.</param>
/// <param name="isPiped">Whether anything is piped, or given in place of that.</param>
internal sealed class PipedKeys(PSCmdlet cmdlet, PipelineWriter pipeline, bool isPiped)
{
    private readonly HashSet<ConfigKey> _keys = [];
    private bool _hasWarned;

    /// <summary>What was piped; null where nothing is, which is not the same as no keys.</summary>
    internal IReadOnlyCollection<ConfigKey>? Keys => isPiped ? _keys : null;

    /// <summary>Adds the key of a piped object. One that has none ends the command before anything is done. On the pipeline thread up to its first await.</summary>
    /// <param name="item">The object.</param>
    /// <param name="wrongNamespace">The error of an object of this namespace, with this key; null for none.</param>
    /// <param name="read">The namespace that is read whatever the objects are of, so that it is a warning, once; null where an object of another one is an error and left out.</param>
    internal async Task AddAsync(PSObject? item, Func<string?, object, ErrorRecord?> wrongNamespace, string? read)
    {
        if (!isPiped) return;

        ConfigKey? key = item is null ? null : KeySelection.KeyOf(item);
        if (key is null)
        {
            cmdlet.ThrowTerminatingError(AcmErrors.InvalidParameter(
                "Only objects with a DataId and a Group can be piped, such as the output of Find-AcmConfig. Use -DataId for names. Nothing was done.", "InputObject", item));
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

    /// <summary>The warning of a command that reads another namespace than piped objects are of.</summary>
    internal static string OtherNamespace(string? origin, string read) =>
        $"The piped objects come from {NamespaceText.Of(origin)}, but their names are read from {read}. Specify -Namespace to choose the namespace.";

    /// <summary>Whether keys were to be piped and none came, which is not everything. Says so.</summary>
    /// <param name="done">What was not done then, as in <c>exported</c>.</param>
    internal bool IsEmpty(string done)
    {
        if (!isPiped || _keys.Count > 0) return false;

        if (!_hasWarned) pipeline.WriteWarning($"No input was piped; nothing was {done}.");
        return true;
    }
}
