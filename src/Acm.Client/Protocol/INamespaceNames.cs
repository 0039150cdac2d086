namespace Acm.Client.Protocol;

/// <summary>A dialect whose namespaces have names beside their IDs.</summary>
internal interface INamespaceNames
{
    /// <summary>The namespaces: name and ID, the ID of the default one empty.</summary>
    ServerOperation<IReadOnlyList<KeyValuePair<string, string>>> NamespaceNames();

    /// <summary>Whether a text can be an ID.</summary>
    bool IsNamespaceId(string text);
}
