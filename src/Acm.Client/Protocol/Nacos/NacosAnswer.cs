using System.Globalization;
using System.Text;
using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>An answer in one of the shapes that Nacos has (protocol reference, 9.1): an envelope with a code, an error page, text, or nothing.</summary>
internal sealed class NacosAnswer
{
    private const int MaxReasonLength = 120;
    private const int Starting = 300;

    private NacosAnswer(JsonElement? root, string text)
    {
        Root = root;
        Text = text;
    }

    /// <summary>The JSON; null where it is none.</summary>
    public JsonElement? Root { get; }

    /// <summary>The body as text, its start only, on one line.</summary>
    public string Text { get; }

    /// <summary>The code of the envelope; null where there is none. Success is 0 in the newer calls.</summary>
    public long? Code => Root is { } root ? Number(root, "code") : null;

    /// <summary>Whether a server says that it is starting. The same number with another type says that a configuration is missing: it has no error code of this name in answers over HTTP.</summary>
    public bool IsStarting => Root is { } root && Number(root, "errorCode") == Starting && Number(root, "resultCode") is not 200;

    /// <summary>What the envelope holds; null where there is none.</summary>
    public JsonElement? Data => Root is { } root && JsonText.TryGet(root, "data", out JsonElement data) && data.ValueKind != JsonValueKind.Null ? data : null;

    /// <summary>Whether a Nacos answered, and no gateway before it.</summary>
    public bool IsOfNacos => Root is { } root && (Code is not null || (JsonText.Text(root, "timestamp") is not null && JsonText.Text(root, "path") is not null));

    /// <summary>What it says in words; empty where it says nothing, or a page.</summary>
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

    /// <summary>A whole number, written as number or as text; null for anything else.</summary>
    public static long? Number(JsonElement item, string name)
    {
        if (!JsonText.TryGet(item, name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt64(out long number) ? number : null;
        return long.TryParse(JsonText.Text(value), NumberStyles.Integer, CultureInfo.InvariantCulture, out long parsed) ? parsed : null;
    }
}
