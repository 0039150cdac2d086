using System.Globalization;
using System.Text;
using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>A response in one of the formats of Nacos: an envelope with a code, an error page, text, or nothing.</summary>
internal sealed class NacosAnswer
{
    private const int MaxReasonLength = 120;
    private const int Starting = 300;

    private NacosAnswer(JsonElement? root, string text)
    {
        Root = root;
        Text = text;
    }

    /// <summary>Gets the JSON; null if the body is not JSON.</summary>
    public JsonElement? Root { get; }

    /// <summary>Gets the start of the body as text on one line.</summary>
    public string Text { get; }

    /// <summary>Gets the code of the envelope; null if there is none. Success is 0 in the v3 API, 200 in v1.</summary>
    public long? Code => Root is { } root ? Number(root, "code") : null;

    /// <summary>Gets whether the server is starting. Over gRPC the same number means that a configuration was not found, but no HTTP response uses it for that.</summary>
    public bool IsStarting => Root is { } root && Number(root, "errorCode") == Starting && Number(root, "resultCode") is not 200;

    /// <summary>Gets the data of the envelope; null if there is none.</summary>
    public JsonElement? Data => Root is { } root && JsonText.TryGet(root, "data", out JsonElement data) && data.ValueKind != JsonValueKind.Null ? data : null;

    /// <summary>Gets whether a Nacos server answered, not a gateway.</summary>
    public bool IsOfNacos => Root is { } root && (Code is not null || (JsonText.Text(root, "timestamp") is not null && JsonText.Text(root, "path") is not null));

    /// <summary>Gets the reason in words; empty if there is none or the body is a web page.</summary>
    public string Reason
    {
        get
        {
            string text = (Data is { } data ? JsonText.Text(data) : null) ?? (Root is { } root ? JsonText.Text(root, "message") ?? "" : Text);
            return text.Length == 0 || text[0] == '<' ? "" : ForeignText.Clean(text.Trim(), MaxReasonLength);
        }
    }

    public static NacosAnswer Of(WireResponse response)
    {
        string text = ForeignText.Clean(Encoding.UTF8.GetString(response.Body, 0, Math.Min(response.Body.Length, 4 * ForeignText.MaxLength)), ForeignText.MaxLength).Trim();
        int start = Array.FindIndex(response.Body, b => b is not ((byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'\t'));
        if (start < 0 || response.Body[start] is not ((byte)'{' or (byte)'[')) return new NacosAnswer(root: null, text);

        try
        {
            using var document = JsonDocument.Parse(response.Body);
            return new NacosAnswer(document.RootElement.Clone(), text);
        }
        catch (JsonException)
        {
            return new NacosAnswer(root: null, text);
        }
    }

    /// <summary>Returns an integer that is written as number or text; null for anything else.</summary>
    public static long? Number(JsonElement item, string name)
    {
        if (!JsonText.TryGet(item, name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt64(out long number) ? number : null;
        return long.TryParse(JsonText.Text(value), NumberStyles.Integer, CultureInfo.InvariantCulture, out long parsed) ? parsed : null;
    }
}
