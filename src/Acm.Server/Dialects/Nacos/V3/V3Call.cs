using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Parameters as this family names and checks them.</summary>
internal static class V3Call
{
    /// <summary>Which configuration is meant. Names that nobody could publish find nothing.</summary>
    /// <exception cref="FaultException">A name is missing or blank.</exception>
    public static ConfigKey Key(NacosCall call)
    {
        // The group first: with neither given, its lack is what is told.
        string group = NotBlank(call, "groupName");
        return new ConfigKey(call.Tenant, group, NotBlank(call, "dataId"));
    }

    /// <exception cref="FaultException">It is missing or blank, which is the same here.</exception>
    public static string NotBlank(NacosCall call, string name) =>
        call[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw FaultException.Missing(name);

    /// <exception cref="FaultException">A number is not positive.</exception>
    public static Paging Page(NacosCall call)
    {
        foreach (string name in new[] { "pageNo", "pageSize" })
        {
            if (call.Number(name) is { } number and <= 0) throw FaultException.BadValue($"Required parameter '{name}' should be positive integer, current is {number}");
        }

        return Paging.Of(call, 1, 100);
    }
}
