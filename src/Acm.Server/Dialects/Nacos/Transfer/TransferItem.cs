namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>A configuration on its way from an archive or another place. Null is what the source does not tell.</summary>
internal sealed record TransferItem(string Group, string DataId, string Content, string? Type, string? AppName, string? Description)
{
    public string? EncryptedDataKey { get; init; }

    /// <summary>Names the configuration. The content may be a secret, and is not shown.</summary>
    public override string ToString() => $"{Group}/{DataId}";
}
