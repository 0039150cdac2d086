using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>What is to be known of bound data IDs beyond their text: the namespace of the object that they came from, or why they are none. Lives as long as the array that was bound.</summary>
internal sealed class PipedKey
{
    private static readonly ConditionalWeakTable<string[], PipedKey> Marks = new();

    private PipedKey()
    {
    }

    /// <summary>The namespace of the object; null where it has none.</summary>
    internal string? Namespace { get; private init; }

    /// <summary>Why it names no configuration; null where it does.</summary>
    internal string? Refusal { get; private init; }

    /// <summary>The mark of data IDs; null where they came as plain text.</summary>
    internal static PipedKey? Of(string[] dataIds) => Marks.TryGetValue(dataIds, out PipedKey? mark) ? mark : null;

    /// <summary>The data ID of an object.</summary>
    internal static string[] OfObject(string dataId, string? @namespace) => Add([dataId], new PipedKey { Namespace = @namespace });

    /// <summary>Stands for what names no configuration.</summary>
    internal static string[] Refuse(string refusal) => Add(["?"], new PipedKey { Refusal = refusal });

    private static string[] Add(string[] dataIds, PipedKey mark)
    {
        Marks.Add(dataIds, mark);
        return dataIds;
    }
}
