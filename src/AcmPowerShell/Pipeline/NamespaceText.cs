using Acm.Client;

namespace AcmPowerShell;

/// <summary>How a namespace is called in what a person is told or asked.</summary>
internal static class NamespaceText
{
    internal static string Of(string? @namespace) => string.IsNullOrEmpty(@namespace) ? "the default namespace" : "namespace " + @namespace;

    /// <summary>With its server.</summary>
    internal static string Of(AcmClient client) => Of(client.Namespace) + " of " + client.Options.Endpoint;
}
