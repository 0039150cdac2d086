namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>A configuration from an archive or a clone; null for values that the source does not have.</summary>
internal sealed record TransferItem(string Group, string DataId, string Content, string? Type, string? AppName, string? Description)
{
    public string? EncryptedDataKey { get; init; }

    /// <summary>Returns the names without the content, which may be a secret.</summary>
    public override string ToString() => $"{Group}/{DataId}";
}
