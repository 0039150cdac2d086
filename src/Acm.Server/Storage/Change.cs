namespace Acm.Server.Storage;

/// <summary>A publish or a removal that waits for its commit.</summary>
internal sealed class Change : TaskCompletionSource<ChangeOutcome>
{
    public Change()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    public required ConfigKey Key { get; init; }

    /// <summary>The name of the gray version; blank for the formal one.</summary>
    public string Gray { get; init; } = "";

    /// <summary>Who gets the gray version that is published.</summary>
    public GrayRule? Rule { get; init; }

    /// <summary>The bytes as received; null removes.</summary>
    public byte[]? Content { get; init; }

    public string Md5 { get; init; } = "";

    public string Charset { get; init; } = Charsets.Gbk;

    /// <summary>Makes the new metadata of the old; without it they stay.</summary>
    public Func<ConfigMetadata, ConfigMetadata>? Metadata { get; init; }

    /// <summary>Refuse unless this is the MD5 of the current value; null does not ask.</summary>
    public string? ExpectedMd5 { get; init; }

    /// <summary>The charset over which the expected MD5 was made; without it that of the stored bytes.</summary>
    public Func<ConfigEntry, string>? ExpectedCharset { get; init; }

    /// <summary>A value that is not there meets every expectation.</summary>
    public bool ExpectationAllowsAbsence { get; init; }

    /// <summary>Refuse where a value exists.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Refuse a new gray version where there are so many.</summary>
    public int MaxGrays { get; init; } = int.MaxValue;

    /// <summary>The access key whose signature was checked; null where nothing is signed.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Who makes the change, as the history shows it; the access key where nobody says more.</summary>
    public string? User { get; init; }

    public string ClientAddress { get; init; } = "";
}
