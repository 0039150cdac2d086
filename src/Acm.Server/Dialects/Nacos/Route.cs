using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>One call: what leads to it and who answers it.</summary>
/// <param name="Method">The HTTP method; HEAD goes where GET goes.</param>
/// <param name="Path">Below the context path.</param>
/// <param name="Style">How it says why it refuses.</param>
/// <param name="Handler">Answers the call.</param>
internal sealed record Route(string Method, string Path, IFaultStyle Style, Func<NacosCall, Task<Answer>> Handler)
{
    /// <summary>A parameter and value, <c>search=blur</c>, that a request of the same path must have; null for the one without.</summary>
    public string? When { get; init; }

    /// <summary>The names that the filter in front of the call looks at.</summary>
    public NameFilter Filter { get; init; } = NameFilter.Config;

    /// <summary>What the call does, for who checks rights.</summary>
    public Access Access { get; init; } = Access.Read;

    /// <summary>The parameter by which the handler reads the namespace. Rights, rates and signatures must look at no other: a caller sends what he likes.</summary>
    public string NamespaceParameter { get; init; } = Path.StartsWith("/v1/cs/", StringComparison.Ordinal) ? "tenant" : "namespaceId";

    /// <summary>The parameter by which the handler reads the group.</summary>
    public string GroupParameter => Path.StartsWith("/v3/", StringComparison.Ordinal) ? "groupName" : "group";

    /// <summary>The namespaces that a call names, where it does not name one in a parameter; null where it does.</summary>
    public Func<NacosCall, IEnumerable<string>>? Namespaces { get; init; }
}
