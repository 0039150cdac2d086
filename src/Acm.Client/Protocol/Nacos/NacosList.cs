using System.Text;
using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads a page of a list. Lists of 1.x and 2.x contain content but no MD5; those of 3.x an MD5 but no content.</summary>
internal static class NacosList
{
    /// <param name="response">The response.</param>
    /// <param name="server">What is known about the server.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="pageNumber">The requested page.</param>
    /// <param name="keepsContent">Whether items keep their content.</param>
    public static ConfigPage Read(WireResponse response, NacosServer server, string @namespace, int pageNumber, bool keepsContent = false)
    {
        JsonElement page = Page(response, server, @namespace, pageNumber);
        return new ConfigPage
        {
            Items = [.. Items(response, server, page).Select(item => Item(item.Key, item.Json, @namespace, response.Server, keepsContent))],
            PageNumber = (int)(NacosAnswer.Number(page, "pageNumber") ?? pageNumber),
            PagesAvailable = (int)(NacosAnswer.Number(page, "pagesAvailable") ?? throw NacosErrors.Garbled(response, "pagesAvailable is missing from the list")),
            TotalCount = (int)NacosAnswer.Number(page, "totalCount")!,
        };
    }

    private static ConfigItem Item(ConfigKey key, JsonElement json, string @namespace, string server, bool keepsContent)
    {
        string? content = JsonText.Text(json, "content") is { Length: > 0 } text ? text : null;
        return new ConfigItem
        {
            DataId = key.DataId,
            Group = key.Group,
            Namespace = @namespace,
            AppName = JsonText.Text(json, "appName") ?? "",
            Type = JsonText.Text(json, "type") is { Length: > 0 } type ? type : null,
            Md5 = JsonText.Text(json, "md5") is { Length: > 0 } md5 ? md5 : content is null ? null : Md5Hex.Of(Encoding.UTF8.GetBytes(content)),
            Content = keepsContent ? content : null,
            Server = keepsContent ? server : null,
        };
    }

    /// <summary>Returns the JSON of a page after checking that it is the requested one.</summary>
    /// <param name="response">The response.</param>
    /// <param name="server">What is known about the server.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="pageNumber">The requested page.</param>
    /// <param name="what">The beginning of error messages.</param>
    /// <param name="key">The configuration of a history; null for the list of a namespace.</param>
    public static JsonElement Page(WireResponse response, NacosServer server, string @namespace, int pageNumber, string what = "Listing", ConfigKey? key = null)
    {
        var answer = NacosAnswer.Of(response);
        JsonElement? found = server.HasV3 ? answer.Code == 0 ? answer.Data : null : answer.Root;
        if (response.Status == 400 && answer.Text.IndexOf("smaller pageSize", StringComparison.Ordinal) >= 0)
        {
            throw new AcmException(AcmErrorKind.ContentTooLarge, $"{response.Server} cannot send a page of the list, because the page is too large.") { IsFinal = true };
        }

        if (response.Status != 200 || found is not { } page) throw NacosErrors.For(response, @namespace, what, key);
        if (NacosAnswer.Number(page, "totalCount") is null || !JsonText.TryGet(page, "pageItems", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw NacosErrors.Garbled(response, "it is not a list: totalCount or pageItems is missing");
        }

        // A cache that ignores the query returns the same page for all numbers. An empty page beyond the end cannot be confused.
        if (list.GetArrayLength() > 0 && NacosAnswer.Number(page, "pageNumber") is { } said && said != pageNumber) throw NacosErrors.Garbled(response, $"it is page {said} of the list, not page {pageNumber}");
        return page;
    }

    private static IEnumerable<(ConfigKey Key, JsonElement Json)> Items(WireResponse response, NacosServer server, JsonElement page)
    {
        string groupName = server.HasV3 ? "groupName" : "group";
        JsonText.TryGet(page, "pageItems", out JsonElement list);
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (JsonText.Text(item, "dataId") is not { } dataId || JsonText.Text(item, groupName) is not { } group) throw NacosErrors.Garbled(response, "an item of the list has no dataId or no group");

            yield return (new ConfigKey(dataId, group), item);
        }
    }
}
