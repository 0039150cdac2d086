namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers manage namespaces.</summary>
internal interface INamespaceDirectory
{
    /// <summary>Lists all namespaces, the default one first.</summary>
    ServerOperation<IReadOnlyList<ConfigNamespace>> Namespaces();

    /// <summary>Finds a namespace by its ID; null if it is not listed. Cheaper than the list if descriptions need a request each.</summary>
    ServerOperation<ConfigNamespace?> Namespace(string @namespace);

    /// <summary>Creates a namespace.</summary>
    ServerOperation<bool> AddNamespace(ConfigNamespace added);

    /// <summary>Replaces name and description of a namespace. Servers clear a description that is not sent.</summary>
    ServerOperation<bool> SetNamespace(ConfigNamespace changed);

    /// <summary>Removes a namespace from the list. Servers keep its configurations.</summary>
    ServerOperation<bool> RemoveNamespace(string @namespace);
}
