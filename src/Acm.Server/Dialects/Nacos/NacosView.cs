using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>What a client is served: the beta version where its address is meant, that of its tag, or the formal one.</summary>
internal sealed class NacosView(ConfigIndex index, Generation generation, string clientAddress, string tag) : ReadView(index)
{
    public override string ClientAddress => clientAddress;

    public override ConfigEntry? Select(KeySlot slot) => Select(slot, tag, mustHaveTag: false);

    public override string CharsetOf(ConfigEntry entry) => Charsets.Text;

    public override bool Notices(ConfigEntry? before, ConfigEntry? after)
    {
        // Later generations tell also of other addresses with the same content.
        bool isOtherRule = generation > Generation.One && before?.Rule is { IsBeta: true } old && after?.Rule is { } now && old != now;
        if (!isOtherRule && !base.Notices(before, after)) return false;

        // The first generation looks at who is meant by a beta version, the later ones tell everybody.
        bool isBeta = (before ?? after)?.Rule?.IsBeta == true;
        return !isBeta || generation > Generation.One || before?.Rule?.HasAddress(clientAddress) == true || after?.Rule?.HasAddress(clientAddress) == true;
    }

    /// <param name="slot">The key.</param>
    /// <param name="wantedTag">Blank for none.</param>
    /// <param name="mustHaveTag">Nothing, where there is no version for the tag; else the formal one.</param>
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
