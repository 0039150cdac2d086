namespace Acm.Server.Dialects.Nacos;

/// <summary>The filter that second and third generation have in front of their calls: which names it looks at.</summary>
internal enum NameFilter
{
    None,

    /// <summary>Data id, group and namespace.</summary>
    Config,

    /// <summary>The id and the name of a namespace.</summary>
    Namespace,
}
