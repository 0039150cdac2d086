namespace Acm.Client.Protocol;

/// <summary>The kind of a precondition.</summary>
internal enum PublishConditionKind
{
    None,
    Unchanged,
    Absent,
}

/// <summary>The precondition of a write, with the MD5 of an unchanged value.</summary>
internal readonly record struct PublishCondition(PublishConditionKind Kind, string Md5)
{
    public static PublishCondition From(PublishOptions? options)
    {
        if (options?.CreateOnly == true) return new PublishCondition(PublishConditionKind.Absent, "");
        return IfMatch(options?.IfMatch);
    }

    /// <summary>Returns whether the precondition holds.</summary>
    /// <param name="current">The MD5 of the current value; null if there is none.</param>
    public bool IsMetBy(string? current) => Kind switch
    {
        PublishConditionKind.Absent => current is null,
        PublishConditionKind.Unchanged => current == Md5,
        _ => true,
    };

    /// <summary>Returns the precondition that the value has an MD5; null for no precondition.</summary>
    public static PublishCondition IfMatch(string? md5) =>
        md5 is null ? new PublishCondition(PublishConditionKind.None, "") : new PublishCondition(PublishConditionKind.Unchanged, md5.ToLowerInvariant());
}
