namespace Acm.Client.Protocol;

/// <summary>What has to hold on the server for a write to be carried out.</summary>
internal enum PublishConditionKind
{
    None,
    Unchanged,
    Absent,
}

/// <summary>A condition, with the MD5 that an unchanged value has.</summary>
internal readonly record struct PublishCondition(PublishConditionKind Kind, string Md5)
{
    public static PublishCondition From(PublishOptions? options)
    {
        if (options?.CreateOnly == true) return new PublishCondition(PublishConditionKind.Absent, "");
        return IfMatch(options?.IfMatch);
    }

    /// <summary>That the value has this MD5; null for no condition.</summary>
    public static PublishCondition IfMatch(string? md5) =>
        md5 is null ? new PublishCondition(PublishConditionKind.None, "") : new PublishCondition(PublishConditionKind.Unchanged, md5.ToLowerInvariant());
}
