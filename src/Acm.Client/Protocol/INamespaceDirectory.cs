namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers list and keep namespaces.</summary>
internal interface INamespaceDirectory
{
    /// <summary>Lists all namespaces, the default one first.</summary>
    ServerOperation<IReadOnlyList<ConfigNamespace>> Namespaces();

    /// <summary>Finds a namespace by its ID; null where it is not listed. Asks less than the list of all where descriptions are asked for one by one.</summary>
    ServerOperation<ConfigNamespace?> Namespace(string @namespace);

    /// <summary>Adds a namespace.</summary>
    ServerOperation<bool> AddNamespace(ConfigNamespace added);

    /// <summary>Replaces name and description of a namespace. Servers clear a description that is not sent.</summary>
    ServerOperation<bool> SetNamespace(ConfigNamespace changed);

    /// <summary>Removes the entry of a namespace. Servers leave its configurations where they are.</summary>
    ServerOperation<bool> RemoveNamespace(string @namespace);
}
