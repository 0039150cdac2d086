using System.Globalization;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Lists the keys of a namespace in pages.</summary>
internal sealed class NamespaceLists(ConfigIndex index)
{
    private const int DefaultPageSize = 200;
    private const int MaxPageSize = 10_000;

    public Answer List(AcmCall call)
    {
        if (NameRules.TenantRefusal(call.Tenant) is { } refusal) return Answer.BadRequest(refusal);
        if (!TryNumber(call.Form.TextOrBlank("pageNo"), 1, int.MaxValue, out int pageNumber)) return Answer.BadRequest("invalid pageNo");
        if (!TryNumber(call.Form.TextOrBlank("pageSize"), DefaultPageSize, MaxPageSize, out int pageSize)) return Answer.BadRequest("invalid pageSize");

        SearchPage page = index.Page(call.Tenant, pageNumber, pageSize);
        ReadOnlyMemory<byte> body = Json.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("totalCount"u8, page.TotalCount);
            json.WriteNumber("pageNumber"u8, pageNumber);
            json.WriteNumber("pagesAvailable"u8, ((long)page.TotalCount + pageSize - 1) / pageSize);
            json.WriteStartArray("pageItems"u8);
            foreach (KeySlot item in page.Items)
            {
                json.WriteStartObject();
                json.WriteString("appName"u8, item.Current?.Metadata.AppName ?? "");
                json.WriteString("dataId"u8, item.Key.DataId);
                json.WriteString("group"u8, item.Key.Group);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return new Answer { ContentType = Json.ContentType, Body = body };
    }

    /// <summary>Parses a number from 1 to <paramref name="max"/>; an empty text means <paramref name="absent"/>.</summary>
    public static bool TryNumber(string text, int absent, int max, out int number)
    {
        number = absent;
        return text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= max);
    }
}
