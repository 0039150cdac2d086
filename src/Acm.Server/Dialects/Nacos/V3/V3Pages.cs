using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Pages of lists in the names of this family.</summary>
internal static class V3Pages
{
    public static Answer Write<T>(int total, Paging paging, IEnumerable<T> items, Action<Utf8JsonWriter, T> writeItem) => Envelope.Success(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("totalCount"u8, total);
        json.WriteNumber("pageNumber"u8, paging.Number);
        json.WriteNumber("pagesAvailable"u8, paging.PagesOf(total));
        json.WriteStartArray("pageItems"u8);
        foreach (T item in items) writeItem(json, item);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
