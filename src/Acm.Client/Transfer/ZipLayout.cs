namespace Acm.Client.Transfer;

/// <summary>The layout of a zip.</summary>
public enum ZipLayout
{
    /// <summary>The layout of this module and the Python CLI: DEFAULT_GROUP at the top, other groups in folders, and all metadata in a record.</summary>
    Acm,

    /// <summary>The layout of the Nacos console: each group in a folder; type, description and application name in <c>.metadata.yml</c>. Without tags.</summary>
    Nacos,

    /// <summary>The layout of the Nacos console before 1.4: each group in a folder; application names in <c>.meta.yml</c>. Without types, descriptions and tags.</summary>
    NacosV1,
}
