namespace Acm.Server.Dialects.Nacos;

/// <summary>The parameters of a publish; null for parameters that were not sent.</summary>
internal sealed record PublishRequest(string DataId, string Group, string? Namespace, string Content)
{
    /// <summary>Reads the parameters with the same names in all versions of the API, i.e. all but the user and the tags.</summary>
    public static PublishRequest Of(NacosCall call, string dataId, string group, string content) => new(dataId, group, call.Tenant, content)
    {
        Type = call["type"],
        Tag = call["tag"],
        AppName = call["appName"],
        Description = call["desc"],
        Use = call["use"],
        Effect = call["effect"],
        Schema = call["schema"],
        EncryptedDataKey = call["encryptedDataKey"],
        BetaIps = call.Header("betaIps"),
        CasMd5 = call.Header("casMd5"),
        ClientAddress = call.ClientAddress,
        AccessKey = call.AccessKey,
    };

    public string? Type { get; init; }

    public string? Tag { get; init; }

    public string? AppName { get; init; }

    public string? User { get; init; }

    public string? ConfigTags { get; init; }

    public string? Description { get; init; }

    public string? Use { get; init; }

    public string? Effect { get; init; }

    public string? Schema { get; init; }

    public string? EncryptedDataKey { get; init; }

    /// <summary>Gets the addresses of the beta version, separated by commas; empty for the formal version.</summary>
    public string BetaIps { get; init; } = "";

    /// <summary>Gets the expected MD5; empty for an unconditional publish.</summary>
    public string CasMd5 { get; init; } = "";

    public string ClientAddress { get; init; } = "";

    public string? AccessKey { get; init; }

    /// <summary>Returns the names without the content, which may be a secret.</summary>
    public override string ToString() => $"{Group}/{DataId}";
}
