namespace Acm.Client.Protocol;

/// <summary>What has to hold on the server for a publish to be stored.</summary>
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
        if (options?.IfMatch is { } md5) return new PublishCondition(PublishConditionKind.Unchanged, md5.ToLowerInvariant());
        return new PublishCondition(PublishConditionKind.None, "");
    }
}
