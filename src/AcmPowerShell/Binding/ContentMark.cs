using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>What is to be known of a bound content beyond its text. Lives as long as the array that was bound.</summary>
internal sealed class ContentMark
{
    private static readonly ConditionalWeakTable<string[], ContentMark> Marks = new();

    private ContentMark(string? refusal, string? @namespace = null)
    {
        Refusal = refusal;
        Namespace = @namespace;
    }

    /// <summary>The namespace of the object that it came from; null where that has none.</summary>
    internal string? Namespace { get; }

    /// <summary>Why it can't be published, and what to do; null where it can.</summary>
    internal string? Refusal { get; }

    /// <summary>The mark of a content; null where it came as plain text.</summary>
    internal static ContentMark? Of(string[] content) => Marks.TryGetValue(content, out ContentMark? mark) ? mark : null;

    /// <summary>Marks the content of an object.</summary>
    internal static string[] OfObject(string[] content, string? @namespace) => Add(content, new ContentMark(null, @namespace));

    /// <summary>Stands for a value that is no text.</summary>
    internal static string[] Refuse(object? value) => Add([""], new ContentMark(Explain(value)));

    internal static string Explain(object? value) => value is null
        ? "Cannot publish a null value: servers do not store empty configurations. Remove the configuration instead."
        : $"The content is a {(value is PSCustomObject ? "PSCustomObject" : value.GetType().FullName)}, not text. Convert it to text first, for example with ConvertTo-Json or Out-String.";

    private static string[] Add(string[] content, ContentMark mark)
    {
        Marks.Add(content, mark);
        return content;
    }
}
