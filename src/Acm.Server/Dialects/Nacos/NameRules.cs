namespace Acm.Server.Dialects.Nacos;

/// <summary>What the generations take as names.</summary>
internal static class NameRules
{
    private const int MaxTenant = 128;
    private const int MaxTag = 16;
    private const int MaxDataId = 256;
    private const int MaxGroup = 128;
    private const int LongestName = 1_024;
    private static readonly System.Buffers.SearchValues<char> NotInShowNames = System.Buffers.SearchValues.Create("@#$%^&*");

    /// <summary>The filter in front of the calls of second and third generation.</summary>
    /// <exception cref="FaultException">A name is refused.</exception>
    public static void Filter(NacosCall call, NameFilter filter)
    {
        // It looks at the first of a parameter that comes twice, and lets the joined text through to the call.
        switch (filter)
        {
            case NameFilter.Config:
                // The filter does not know the name that the third family has for the group.
                FilterNames(First("dataId"), First("group"), First("tenant") ?? First("namespaceId"));
                CheckIp(First("ip"));
                break;
            case NameFilter.Namespace:
                CheckNamespace(First("namespaceId") ?? First("customNamespaceId") ?? First("namespace"));
                CheckShowName(First("namespaceName") ?? First("namespaceShowName"));
                break;
        }

        string? First(string name) => call.Parameters.First(name);
    }

    /// <exception cref="FaultException">A name is refused.</exception>
    public static void FilterNames(string? dataId, string? group, string? @namespace)
    {
        CheckNamespace(@namespace);
        CheckName("dataId", dataId, MaxDataId);
        CheckName("group", group, MaxGroup);
    }

    /// <summary>The check of the calls themselves. A name of nothing but blanks is none.</summary>
    /// <exception cref="FaultException">A name is refused.</exception>
    public static void Check(string dataId, string group)
    {
        if (!IsGood(dataId.Trim()) || string.IsNullOrWhiteSpace(dataId)) throw FaultException.BadValue($"invalid dataId : {dataId}");
        if (!IsGood(group) || string.IsNullOrWhiteSpace(group)) throw FaultException.BadValue($"invalid group : {group}");
        if (IsTooLongToStore(dataId, group)) throw FaultException.BadValue($"too long dataId or group, over {LongestName}");
    }

    /// <summary>Names that the first generation, which has no limit of its own, does not store either.</summary>
    public static bool IsTooLongToStore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (name.Length > LongestName) return true;
        }

        return false;
    }

    /// <summary>The lengths that the filter allows, for names that do not come as parameters.</summary>
    /// <exception cref="FaultException">No call could name the configuration.</exception>
    public static void CheckLengths(string dataId, string group)
    {
        if (dataId.Length > MaxDataId) throw FaultException.BadValue($"too long dataId, over {MaxDataId}");
        if (group.Length > MaxGroup) throw FaultException.BadValue($"too long group, over {MaxGroup}");
    }

    /// <exception cref="FaultException">The namespace is refused.</exception>
    public static void CheckTenant(string? tenant)
    {
        if (string.IsNullOrWhiteSpace(tenant)) return;
        if (!IsGood(tenant.Trim())) throw FaultException.BadValue("invalid tenant");
        if (tenant.Length > MaxTenant) throw FaultException.BadValue("too long tenant, over 128");
    }

    /// <exception cref="FaultException">The tag is refused.</exception>
    public static void CheckTag(string? tag)
    {
        if (string.IsNullOrWhiteSpace(tag)) return;
        if (!IsGood(tag.Trim())) throw new FaultException(Fault.BadTag, $"invalid tag : {tag}");
        if (tag.Length > MaxTag) throw new FaultException(Fault.BadTag, "too long tag, over 16");
    }

    /// <summary>Letters of any script, digits and four signs.</summary>
    private static bool IsGood(string name) => name.All(c => char.IsLetter(c) || char.IsDigit(c) || c is '_' or '-' or '.' or ':');

    private static void CheckName(string what, string? name, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(name)) return;
        if (name.Length > maxLength) throw TooLong(what, maxLength);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':')) throw Illegal(what);
    }

    private static void CheckNamespace(string? id)
    {
        if (string.IsNullOrWhiteSpace(id)) return;
        if (id.Length > 64) throw TooLong("namespaceId/tenant", 64);
        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) throw Illegal("namespaceId/tenant");
    }

    /// <summary>Whether people may call a namespace so.</summary>
    public static bool IsShowName(string name) => name.AsSpan().IndexOfAny(NotInShowNames) < 0;

    private static void CheckShowName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return;
        if (name.Length > 256) throw TooLong("namespaceShowName", 256);
        if (name.AsSpan().IndexOfAny(NotInShowNames) >= 0) throw Illegal("namespaceShowName");
    }

    private static void CheckIp(string? ip)
    {
        if (string.IsNullOrWhiteSpace(ip)) return;
        if (!ip.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':')) throw Illegal("ip");
    }

    private static FaultException Illegal(string what) => new(Fault.IllegalName, $"Param '{what}' is illegal, illegal characters should not appear in the param.");

    private static FaultException TooLong(string what, int length) => new(Fault.IllegalName, $"Param '{what}' is illegal, the param length should not exceed {length}.");
}
