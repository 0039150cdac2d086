using System.Text;

namespace Acm.Server.Storage;

/// <summary>The rules for names of the original ACM server: letters, digits and <c>_ - . :</c>.</summary>
internal static class NameRules
{
    public const string DefaultGroup = "DEFAULT_GROUP";
    public const int MaxAppNameLength = 128;

    private const int MaxDataIdBytes = 256;
    private const int MaxGroupBytes = 128;
    private const int MaxTenantLength = 128;

    /// <summary>Returns the error message of the original server for an invalid key; null if the key is valid.</summary>
    public static string? Refusal(ConfigKey key)
    {
        if (!IsName(key.DataId) || Encoding.UTF8.GetByteCount(key.DataId) > MaxDataIdBytes) return "invalid dataId";
        if (!IsName(key.Group) || Encoding.UTF8.GetByteCount(key.Group) > MaxGroupBytes) return "invalid group";

        bool tenantIsGood = key.Tenant.Length == 0 || (IsName(key.Tenant) && key.Tenant.Length <= MaxTenantLength);
        return tenantIsGood ? null : "invalid tenant";
    }

    public static string? TenantRefusal(string tenant) => GroupRefusal(tenant, DefaultGroup);

    public static string? GroupRefusal(string tenant, string group) => Refusal(new ConfigKey(tenant, group, "any"));

    private static bool IsName(string name)
    {
        // Folder names, which clients that store snapshots in files cannot use.
        if (name is "" or "." or "..") return false;

        foreach (char c in name)
        {
            if (!char.IsLetter(c) && !char.IsDigit(c) && c is not ('_' or '-' or '.' or ':')) return false;
        }

        return true;
    }
}
