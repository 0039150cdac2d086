using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads a page of a namespace's list, in either family.</summary>
internal static class NacosList
{
    /// <summary>The page as callers see it.</summary>
    public static ConfigPage Read(WireResponse response, NacosServer server, string @namespace, int pageNumber)
    {
        JsonElement page = Page(response, server, @namespace, pageNumber);
        return new ConfigPage
        {
            Items = [.. Items(response, server, page).Select(item => new ConfigItem { DataId = item.Key.DataId, Group = item.Key.Group, Namespace = @namespace, AppName = JsonText.Text(item.Json, "appName") ?? "", Type = JsonText.Text(item.Json, "type") is { Length: > 0 } type ? type : null })],
            PageNumber = (int)(NacosAnswer.Number(page, "pageNumber") ?? pageNumber),
            PagesAvailable = (int)(NacosAnswer.Number(page, "pagesAvailable") ?? throw NacosErrors.Garbled(response, "pagesAvailable is missing from the list")),
            TotalCount = (int)NacosAnswer.Number(page, "totalCount")!,
        };
    }

    /// <summary>The MD5 of each key of a page; null where the page does not tell.</summary>
    public static IEnumerable<KeyValuePair<ConfigKey, string?>> ReadMd5(WireResponse response, NacosServer server, string @namespace, int pageNumber, out int pages)
    {
        JsonElement page = Page(response, server, @namespace, pageNumber);
        pages = (int)(NacosAnswer.Number(page, "pagesAvailable") ?? 0);
        return Items(response, server, page).Select(item => new KeyValuePair<ConfigKey, string?>(item.Key, JsonText.Text(item.Json, "md5")));
    }

    /// <summary>The page of a list as it was answered, checked to be the one that was asked for.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="server">Who answered.</param>
    /// <param name="namespace">The namespace that was asked for.</param>
    /// <param name="pageNumber">The page that was asked for.</param>
    /// <param name="what">What fails where the answer is an error.</param>
    /// <param name="key">The configuration that the list is about; null where it is the namespace's.</param>
    public static JsonElement Page(WireResponse response, NacosServer server, string @namespace, int pageNumber, string what = "Listing", ConfigKey? key = null)
    {
        var answer = NacosAnswer.Of(response);
        JsonElement? found = server.HasV3 ? answer.Code == 0 ? answer.Data : null : answer.Root;
        if (response.Status != 200 || found is not { } page) throw NacosErrors.For(response, @namespace, what, key);
        if (NacosAnswer.Number(page, "totalCount") is null || !JsonText.TryGet(page, "pageItems", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw NacosErrors.Garbled(response, "it is not a list: totalCount or pageItems is missing");
        }

        // A cache that leaves the query out gives one page for all numbers. A page beyond the end has nothing to be mistaken for.
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
