using Acm.Client;

namespace AcmPowerShell;

/// <summary>Formats namespaces for messages.</summary>
internal static class NamespaceText
{
    internal static string Of(string? @namespace) => string.IsNullOrEmpty(@namespace) ? "the default namespace" : "namespace " + @namespace;

    /// <summary>Returns the namespace of a client with its server.</summary>
    internal static string Of(AcmClient client) => Of(client.Namespace) + " of " + client.Options.Endpoint;
}
