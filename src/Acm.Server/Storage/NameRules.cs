using System.Text;

namespace Acm.Server.Storage;

/// <summary>What may name a configuration: letters, digits and <c>_ - . :</c>, as the original server has it.</summary>
internal static class NameRules
{
    public const string DefaultGroup = "DEFAULT_GROUP";
    public const int MaxAppNameLength = 128;

    private const int MaxDataIdBytes = 256;
    private const int MaxGroupBytes = 128;
    private const int MaxTenantLength = 128;

    /// <summary>The reason why a key is refused, as the original server words it; null where the key is good.</summary>
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
        // Two names that peers accept and that mean a folder to whoever writes keys to files.
        if (name is "" or "." or "..") return false;

        foreach (char c in name)
        {
            if (!char.IsLetter(c) && !char.IsDigit(c) && c is not ('_' or '-' or '.' or ':')) return false;
        }

        return true;
    }
}
