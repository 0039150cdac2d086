namespace Acm.Server.Storage;

/// <summary>A publish or a removal that waits for its commit.</summary>
internal sealed class Change : TaskCompletionSource<ChangeOutcome>
{
    public Change()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    public required ConfigKey Key { get; init; }

    /// <summary>The bytes as received; null removes.</summary>
    public byte[]? Content { get; init; }

    public string Md5 { get; init; } = "";

    public string Charset { get; init; } = Charsets.Gbk;

    public string AppName { get; init; } = "";

    public string? EncryptedDataKey { get; init; }

    /// <summary>Refuse unless this is the MD5 of the current value; null does not ask.</summary>
    public string? ExpectedMd5 { get; init; }

    /// <summary>Refuse where a value exists.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>The access key whose signature was checked; null where nothing is signed.</summary>
    public string? AccessKey { get; init; }

    public string ClientAddress { get; init; } = "";
}
