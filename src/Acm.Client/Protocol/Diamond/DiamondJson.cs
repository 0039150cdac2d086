using System.Globalization;
using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>JSON answers: their charset is the header's; without one UTF-8 where the bytes are that, else GBK (protocol reference, section 3).</summary>
internal static class DiamondJson
{
    /// <summary>The parsed answer; null with the problem where it is not JSON.</summary>
    public static JsonDocument? Parse(WireResponse response, out string problem)
    {
        string? text = DiamondGet.Decode(response.Body, response.Charset ?? "utf-8", out _, out problem);
        if (text is null && response.Charset is null) text = DiamondGet.Decode(response.Body, "gbk", out _, out problem);
        if (text is null) return null;

        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            problem = "it " + JsonText.Problem(e);
            return null;
        }
    }

    /// <summary>A text member; null where it is absent, null or of another type.</summary>
    public static string? Text(this JsonElement item, string name) => JsonText.Text(item, name);

    /// <summary>A whole number, written as number or as text; null for anything else.</summary>
    public static int? Number(this JsonElement item, string name)
    {
        if (!JsonText.TryGet(item, name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt32(out int number) ? number : null;
        return int.TryParse(item.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;
    }
}
