using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>A route: its conditions and its handler.</summary>
/// <param name="Method">The HTTP method; GET includes HEAD.</param>
/// <param name="Path">The path below the context path.</param>
/// <param name="ErrorFormat">The format of errors.</param>
/// <param name="Handler">Handles the call.</param>
internal sealed record Route(string Method, string Path, IErrorFormat ErrorFormat, Func<NacosCall, Task<Answer>> Handler)
{
    /// <summary>Gets the parameter value that selects this route among those of the path, such as <c>search=blur</c>; null for none.</summary>
    public string? When { get; init; }

    /// <summary>Gets the parameters that the parameter filter checks.</summary>
    public NameFilter Filter { get; init; } = NameFilter.Config;

    /// <summary>Gets the permission that the call needs.</summary>
    public Access Access { get; init; } = Access.Read;

    /// <summary>Gets the name of the namespace parameter. Handlers, permissions, rate limits and signatures must all use it, because a client may send other parameters too.</summary>
    public string NamespaceParameter { get; init; } = Path.StartsWith("/v1/cs/", StringComparison.Ordinal) ? "tenant" : "namespaceId";

    /// <summary>Gets the name of the group parameter.</summary>
    public string GroupParameter => Path.StartsWith("/v3/", StringComparison.Ordinal) ? "groupName" : "group";

    /// <summary>Gets a function that returns the namespaces of a call; null if the namespace is a parameter.</summary>
    public Func<NacosCall, IEnumerable<string>>? Namespaces { get; init; }
}
