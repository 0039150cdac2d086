using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>Additional information about bound data IDs: the namespace of their object, or why they are not valid. It lives as long as the bound array.</summary>
internal sealed class PipedKey
{
    private static readonly ConditionalWeakTable<string[], PipedKey> Marks = new();

    private PipedKey()
    {
    }

    /// <summary>Gets the namespace of the object, or null.</summary>
    internal string? Namespace { get; private init; }

    /// <summary>Gets the reason why the object does not specify a configuration, or null.</summary>
    internal string? Refusal { get; private init; }

    /// <summary>Returns the mark of data IDs, or null for plain text.</summary>
    internal static PipedKey? Of(string[] dataIds) => Marks.TryGetValue(dataIds, out PipedKey? mark) ? mark : null;

    /// <summary>Marks the data ID of an object with its namespace.</summary>
    internal static string[] OfObject(string dataId, string? @namespace) => Add([dataId], new PipedKey { Namespace = @namespace });

    /// <summary>Returns a placeholder for a value that does not specify a configuration.</summary>
    internal static string[] Refuse(string refusal) => Add(["?"], new PipedKey { Refusal = refusal });

    private static string[] Add(string[] dataIds, PipedKey mark)
    {
        Marks.Add(dataIds, mark);
        return dataIds;
    }
}
