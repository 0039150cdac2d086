namespace Acm.Server.Dialects.Nacos;

/// <summary>A publish as every family of calls gives it. Null is a parameter that was not sent.</summary>
internal sealed record PublishRequest(string DataId, string Group, string? Namespace, string Content)
{
    /// <summary>Takes over what all families name alike. User and tags have names of their own in each.</summary>
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

    /// <summary>Addresses, joined by commas; blank for no beta version.</summary>
    public string BetaIps { get; init; } = "";

    /// <summary>Blank does not ask.</summary>
    public string CasMd5 { get; init; } = "";

    public string ClientAddress { get; init; } = "";

    public string? AccessKey { get; init; }

    /// <summary>Names the configuration. The content may be a secret, and is not shown.</summary>
    public override string ToString() => $"{Group}/{DataId}";
}
