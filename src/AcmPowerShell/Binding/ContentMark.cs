using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace AcmPowerShell;

/// <summary>Additional information about a bound content. It lives as long as the bound array.</summary>
internal sealed class ContentMark
{
    private static readonly ConditionalWeakTable<string[], ContentMark> Marks = new();

    private ContentMark(string? refusal, string? @namespace = null)
    {
        Refusal = refusal;
        Namespace = @namespace;
    }

    /// <summary>Gets the namespace of the source object, or null.</summary>
    internal string? Namespace { get; }

    /// <summary>Gets the reason why the content cannot be published, or null.</summary>
    internal string? Refusal { get; }

    /// <summary>Returns the mark of a content, or null for plain text.</summary>
    internal static ContentMark? Of(string[] content) => Marks.TryGetValue(content, out ContentMark? mark) ? mark : null;

    /// <summary>Marks the content of an object with its namespace.</summary>
    internal static string[] OfObject(string[] content, string? @namespace) => Add(content, new ContentMark(null, @namespace));

    /// <summary>Returns a placeholder for a value that is not text.</summary>
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
