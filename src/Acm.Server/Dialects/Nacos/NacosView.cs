using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Selects the version for a client: the beta version for its address, the version for its tag, or the formal one.</summary>
internal sealed class NacosView(ConfigIndex index, Generation generation, string clientAddress, string tag) : ReadView(index)
{
    public override string ClientAddress => clientAddress;

    public override ConfigEntry? Select(KeySlot slot) => Select(slot, tag, mustHaveTag: false);

    public override string CharsetOf(ConfigEntry entry) => Charsets.Text;

    public override bool Notices(ConfigEntry? before, ConfigEntry? after)
    {
        // From Nacos 2 on, a change of the beta addresses counts as a change even with the same content.
        bool isOtherRule = generation > Generation.One && before?.Rule is { IsBeta: true } old && after?.Rule is { } now && old != now;
        if (!isOtherRule && !base.Notices(before, after)) return false;

        // Nacos 1 notifies only the addresses of a beta version, later generations notify all clients.
        bool isBeta = (before ?? after)?.Rule?.IsBeta == true;
        return !isBeta || generation > Generation.One || before?.Rule?.HasAddress(clientAddress) == true || after?.Rule?.HasAddress(clientAddress) == true;
    }

    /// <param name="slot">The key.</param>
    /// <param name="wantedTag">The tag; empty for none.</param>
    /// <param name="mustHaveTag">Whether to return null instead of the formal version if there is none for the tag.</param>
    public ConfigEntry? Select(KeySlot slot, string wantedTag, bool mustHaveTag)
    {
        ConfigEntry? tagged = null;
        foreach (ConfigEntry version in slot.Grays)
        {
            if (version.IsDormant) continue;
            if (version.Rule!.IsBeta && version.Rule.HasAddress(clientAddress)) return version;
            if (wantedTag.Length > 0 && version.Rule.Name == GrayRule.NameOfTag(wantedTag)) tagged = version;
        }

        return tagged ?? (mustHaveTag ? null : slot.Current);
    }
}
