namespace Acm.Client.Transfer;

/// <summary>The layouts of a zip.</summary>
public enum ZipLayout
{
    /// <summary>That of this module and of the Python CLI: DEFAULT_GROUP at the top, other groups in folders, all metadata in a record.</summary>
    Acm,

    /// <summary>That of the console of Nacos, which imports it: each group in a folder, and type, description and application name in <c>.metadata.yml</c>. It has no tags.</summary>
    Nacos,

    /// <summary>The older one of that console, for servers before 1.4, which read no other: each group in a folder, and application names in <c>.meta.yml</c>. It has no types, descriptions and tags.</summary>
    NacosV1,
}
