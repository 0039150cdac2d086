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

    /// <summary>Returns whether the condition holds.</summary>
    /// <param name="current">The MD5 of the current value; null where there is none.</param>
    public bool IsMetBy(string? current) => Kind switch
    {
        PublishConditionKind.Absent => current is null,
        PublishConditionKind.Unchanged => current == Md5,
        _ => true,
    };

    /// <summary>That the value has this MD5; null for no condition.</summary>
    public static PublishCondition IfMatch(string? md5) =>
        md5 is null ? new PublishCondition(PublishConditionKind.None, "") : new PublishCondition(PublishConditionKind.Unchanged, md5.ToLowerInvariant());
}
