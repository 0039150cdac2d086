using System.Text.Json;

namespace Acm.Server.Dialects.Nacos;

/// <summary>What is around the items of a page, alike in every family.</summary>
internal static class PageShape
{
    public static void WriteStart(Utf8JsonWriter json, int total, Paging paging)
    {
        json.WriteStartObject();
        json.WriteNumber("totalCount"u8, total);
        json.WriteNumber("pageNumber"u8, paging.Number);
        json.WriteNumber("pagesAvailable"u8, paging.PagesOf(total));
        json.WriteStartArray("pageItems"u8);
    }

    public static void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
