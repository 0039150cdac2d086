using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Pages of lists in the v3 API.</summary>
internal static class V3Pages
{
    public static Answer Write<T>(int total, Paging paging, IEnumerable<T> items, Action<Utf8JsonWriter, T> writeItem) =>
        Envelope.SuccessInParts(PageShape.Parts(total, paging, items, writeItem));
}
