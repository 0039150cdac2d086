using System.Globalization;
using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads JSON responses: in the declared charset, otherwise as UTF-8 if valid, otherwise as GBK. Servers and clients differ here (acm-sdk-python 0.4.10 reads lists as UTF-8, nodejs-acm-sdk 1.0.1 as GBK).</summary>
internal static class DiamondJson
{
    /// <summary>Parses the response; returns null and the problem if it is not JSON.</summary>
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

    /// <summary>Returns a text member; null if it is absent, null or of another type.</summary>
    public static string? Text(this JsonElement item, string name) => JsonText.Text(item, name);

    /// <summary>Returns an integer that is written as number or text; null for anything else.</summary>
    public static int? Number(this JsonElement item, string name)
    {
        if (!JsonText.TryGet(item, name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt32(out int number) ? number : null;
        return int.TryParse(item.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;
    }
}
