namespace Acm.Client.Protocol;

/// <summary>A dialect whose namespaces have names and IDs.</summary>
internal interface INamespaceNames
{
    /// <summary>Lists names and IDs; the ID of the default namespace is empty.</summary>
    ServerOperation<IReadOnlyList<KeyValuePair<string, string>>> NamespaceNames();

    /// <summary>Returns whether a text is a valid ID.</summary>
    bool IsNamespaceId(string text);
}
