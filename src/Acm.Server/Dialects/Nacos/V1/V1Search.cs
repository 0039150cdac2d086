using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Lists and searches configurations: <c>search=accurate</c> compares names, <c>search=blur</c> uses patterns.</summary>
internal sealed class V1Search(ConfigOperations operations, IErrorFormat errors)
{
    public IEnumerable<Route> Routes() =>
    [
        new("GET", V1Configs.Path, errors, call => Task.FromResult(Search(call, blur: false))) { When = "search=accurate" },
        new("GET", V1Configs.Path, errors, call => Task.FromResult(Search(call, blur: true))) { When = "search=blur", Filter = NameFilter.None },
    ];

    /// <summary>Returns the query for the parameters of v1 and v2.</summary>
    /// <param name="call">The call.</param>
    /// <param name="blur">Whether names are patterns.</param>
    /// <param name="generation">The generation; Nacos 1 ignores types.</param>
    public static ConfigQuery Query(NacosCall call, bool blur, Generation generation)
    {
        string dataId = call.Required("dataId");
        string group = call.Required("group");
        return new ConfigQuery
        {
            Tenant = blur ? TextMatch.Like(call.Tenant) : TextMatch.Equal(call.Tenant),
            IsVisible = call.MayRead,
            DataId = TextMatch.Optional(dataId, blur),
            Group = TextMatch.Optional(group, blur),
            AppName = TextMatch.Optional(call["appName"], isPattern: false),
            Tags = [.. List(call["config_tags"]).Select(TextMatch.Equal)],
            Types = blur && generation > Generation.One ? [.. List(call["types"])] : [],
            ByName = blur && !string.IsNullOrWhiteSpace(dataId),
        };
    }

    /// <summary>Returns a page of a query's results with the member names of v1 and v2.</summary>
    /// <exception cref="FaultException">The page would be too large.</exception>
    public static Answer Page(ConfigOperations operations, string contentType, ConfigQuery query, Paging paging, bool blur)
    {
        SearchPage page = operations.Store.Search(query with { Skip = paging.Skip, Take = paging.Size });
        ConfigOperations.CheckAnswerSize(page.Items, "ask for a smaller pageSize");
        bool byTag = query.Tags.Count > 0;
        return NacosJson.Streamed(contentType, PageJson.Parts(page.TotalCount, paging, page.Items, (json, slot) => WriteItem(json, operations, slot, blur, byTag)));
    }

    private static void WriteItem(Utf8JsonWriter json, ConfigOperations operations, KeySlot slot, bool blur, bool byTag)
    {
        if (slot.Current is not { } entry) return;

        (byte[] content, string md5) = operations.Read(entry);
        bool first = operations.Generation == Generation.One;
        bool showsType = first ? !blur && !byTag : blur || !byTag;
        json.WriteStartObject();
        json.WriteString("id"u8, Ids.Text(entry.Id));
        json.WriteString("dataId"u8, slot.Key.DataId);
        json.WriteString("group"u8, slot.Key.Group);
        json.WriteString("content"u8, content);
        json.WriteString("md5"u8, operations.Generation >= Generation.Three && !byTag ? md5 : null);
        if (!first) json.WriteString("encryptedDataKey"u8, entry.Metadata.EncryptedDataKey ?? (blur && !byTag ? "" : null));
        json.WriteString("tenant"u8, operations.NameOf(slot.Key.Tenant));
        json.WriteString("appName"u8, entry.Metadata.AppName);
        json.WriteString("type"u8, showsType ? entry.Metadata.Type : null);
        json.WriteEndObject();
    }

    private static string[] List(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private Answer Search(NacosCall call, bool blur)
    {
        ConfigQuery query = Query(call, blur, operations.Generation);
        return Page(operations, ErrorPages.DefaultType(call), query, Paging.Of(call), blur);
    }
}
