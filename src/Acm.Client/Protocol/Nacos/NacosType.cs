namespace Acm.Client.Protocol.Nacos;

/// <summary>Derives the type of a new configuration from the extension of its data ID.</summary>
internal static class NacosType
{
    public static string Of(string dataId) => dataId.Substring(Math.Max(0, dataId.LastIndexOf('.'))).ToLowerInvariant() switch
    {
        ".properties" => "properties",
        ".xml" => "xml",
        ".json" => "json",
        ".html" or ".htm" => "html",
        ".yaml" or ".yml" => "yaml",
        ".toml" => "toml",
        _ => "text",
    };
}
