using System.Text.Json;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Writes pages and lists in parts; their format is the same in all versions of the API.</summary>
internal static class PageJson
{
    public static IEnumerable<Action<Utf8JsonWriter>> Parts<T>(int total, Paging paging, IEnumerable<T> items, Action<Utf8JsonWriter, T> writeItem) =>
        Items(items, writeItem).Prepend(json => WriteStart(json, total, paging)).Append(WriteEnd);

    /// <summary>Returns the parts of an array without paging.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Array<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> writeItem) =>
        Items(items, writeItem).Prepend(static json => json.WriteStartArray()).Append(static json => json.WriteEndArray());

    private static IEnumerable<Action<Utf8JsonWriter>> Items<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> writeItem) =>
        items.Select<T, Action<Utf8JsonWriter>>(item => json => writeItem(json, item));

    private static void WriteStart(Utf8JsonWriter json, int total, Paging paging)
    {
        json.WriteStartObject();
        json.WriteNumber("totalCount"u8, total);
        json.WriteNumber("pageNumber"u8, paging.Number);
        json.WriteNumber("pagesAvailable"u8, paging.PagesOf(total));
        json.WriteStartArray("pageItems"u8);
    }

    private static void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
