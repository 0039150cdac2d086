using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Selects the formal version, in GBK unless it was published as UTF-8.</summary>
internal sealed class AcmView(ConfigIndex index) : ReadView(index)
{
    public static string Charset(ConfigEntry entry) => entry.Charset == Charsets.Text ? Charsets.Gbk : entry.Charset;

    public override ConfigEntry? Select(KeySlot slot) => slot.Current;

    public override string CharsetOf(ConfigEntry entry) => Charset(entry);

    public override bool Notices(ConfigEntry? before, ConfigEntry? after) =>
        before?.Rule is null && after?.Rule is null && base.Notices(before, after);
}
