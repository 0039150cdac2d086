namespace Acm.Server.Storage;

/// <summary>A publish or removal that waits for its commit.</summary>
internal sealed class Change : TaskCompletionSource<ChangeOutcome>
{
    public Change()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    public required ConfigKey Key { get; init; }

    /// <summary>Gets the name of the gray version; empty for the formal one.</summary>
    public string Gray { get; init; } = "";

    /// <summary>Gets the rule of the published gray version.</summary>
    public GrayRule? Rule { get; init; }

    /// <summary>Gets the content as received; null removes the version.</summary>
    public byte[]? Content { get; init; }

    public string Md5 { get; init; } = "";

    public string Charset { get; init; } = Charsets.Gbk;

    /// <summary>Gets the function that computes the new metadata from the old; null keeps the metadata.</summary>
    public Func<ConfigMetadata, ConfigMetadata>? Metadata { get; init; }

    /// <summary>Gets the expected MD5 of the current value; null for an unconditional change.</summary>
    public string? ExpectedMd5 { get; init; }

    /// <summary>Gets the function that returns the charset of the expected MD5; null for the charset of the stored bytes.</summary>
    public Func<ConfigEntry, string>? ExpectedCharset { get; init; }

    /// <summary>Gets whether an absent value matches every expected MD5.</summary>
    public bool ExpectationAllowsAbsence { get; init; }

    /// <summary>Gets whether the change fails if a value exists.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Gets the maximum number of gray versions.</summary>
    public int MaxGrays { get; init; } = int.MaxValue;

    /// <summary>Gets the access key of a valid signature; null without one.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Gets the user in the history; null for the access key.</summary>
    public string? User { get; init; }

    public string ClientAddress { get; init; } = "";
}
