using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Reads the parameters of v3 calls.</summary>
internal static class V3Call
{
    /// <summary>Returns the key of a call. Names are not checked further; an invalid one matches nothing.</summary>
    /// <exception cref="FaultException">A name is missing or blank.</exception>
    public static ConfigKey Key(NacosCall call)
    {
        // The group first: Nacos reports it if both are missing.
        string group = call.NotBlank("groupName");
        return new ConfigKey(call.Tenant, group, call.NotBlank("dataId"));
    }

    /// <summary>Returns the paging parameters of a call.</summary>
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
