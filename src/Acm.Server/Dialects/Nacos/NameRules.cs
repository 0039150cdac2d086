namespace Acm.Server.Dialects.Nacos;

/// <summary>Checks names by the rules of the Nacos generations.</summary>
internal static class NameRules
{
    private const int MaxTenant = 128;
    private const int MaxTag = 16;
    private const int MaxDataId = 256;
    private const int MaxGroup = 128;
    private const int LongestName = 1_024;
    private static readonly System.Buffers.SearchValues<char> NotInShowNames = System.Buffers.SearchValues.Create("@#$%^&*");

    /// <summary>Applies the parameter filter of Nacos 2 and 3.</summary>
    /// <exception cref="FaultException">A name is invalid.</exception>
    public static void Filter(NacosCall call, NameFilter filter)
    {
        // The filter checks the first value of a repeated parameter; the handler receives the joined values.
        switch (filter)
        {
            case NameFilter.Config:
                // The filter does not check "groupName", the name of the group in the v3 API.
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

    /// <exception cref="FaultException">A name is invalid.</exception>
    public static void FilterNames(string? dataId, string? group, string? @namespace)
    {
        CheckNamespace(@namespace);
        CheckName("dataId", dataId, MaxDataId);
        CheckName("group", group, MaxGroup);
    }

    /// <summary>Checks names in a handler. A blank name is invalid.</summary>
    /// <exception cref="FaultException">A name is invalid.</exception>
    public static void Check(string dataId, string group)
    {
        if (!IsGood(dataId.Trim()) || string.IsNullOrWhiteSpace(dataId)) throw FaultException.BadValue($"invalid dataId : {dataId}");
        if (!IsGood(group) || string.IsNullOrWhiteSpace(group)) throw FaultException.BadValue($"invalid group : {group}");
        if (IsTooLongToStore(dataId, group)) throw FaultException.BadValue($"too long dataId or group, over {LongestName}");
    }

    /// <summary>Returns whether a name is too long for the database, which limits names even in Nacos 1.</summary>
    public static bool IsTooLongToStore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (name.Length > LongestName) return true;
        }

        return false;
    }

    /// <summary>Checks the filter's length limits for names outside parameters.</summary>
    /// <exception cref="FaultException">A name is too long.</exception>
    public static void CheckLengths(string dataId, string group)
    {
        if (dataId.Length > MaxDataId) throw FaultException.BadValue($"too long dataId, over {MaxDataId}");
        if (group.Length > MaxGroup) throw FaultException.BadValue($"too long group, over {MaxGroup}");
    }

    /// <exception cref="FaultException">The namespace is invalid.</exception>
    public static void CheckTenant(string? tenant)
    {
        if (string.IsNullOrWhiteSpace(tenant)) return;
        if (!IsGood(tenant.Trim())) throw FaultException.BadValue("invalid tenant");
        if (tenant.Length > MaxTenant) throw FaultException.BadValue("too long tenant, over 128");
    }

    /// <exception cref="FaultException">The tag is invalid.</exception>
    public static void CheckTag(string? tag)
    {
        if (string.IsNullOrWhiteSpace(tag)) return;
        if (!IsGood(tag.Trim())) throw new FaultException(Fault.BadTag, $"invalid tag : {tag}");
        if (tag.Length > MaxTag) throw new FaultException(Fault.BadTag, "too long tag, over 16");
    }

    /// <summary>Returns whether a name has only letters and digits of any script, and the characters <c>_-.:</c>.</summary>
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

    /// <summary>Returns whether the text is a valid display name of a namespace.</summary>
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
