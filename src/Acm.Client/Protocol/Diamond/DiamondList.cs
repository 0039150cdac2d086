using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads a page of a list. Unknown members are ignored.</summary>
internal static class DiamondList
{
    public static ConfigPage Read(WireResponse response, string @namespace, int pageNumber)
    {
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, "Listing", key: null);

        using JsonDocument document = DiamondJson.Parse(response, out string problem) ?? throw DiamondErrors.Garbled(response, problem);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || root.Number("totalCount") is not { } total
            || !JsonText.TryGet(root, "pageItems", out JsonElement list)
            || list.ValueKind != JsonValueKind.Array)
        {
            throw DiamondErrors.Garbled(response, "it is not a list: totalCount or pageItems is missing");
        }

        var items = new List<ConfigItem>(list.GetArrayLength());
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || item.Text("dataId") is not { } dataId || item.Text("group") is not { } group)
            {
                throw DiamondErrors.Garbled(response, $"item {items.Count + 1} of the list has no dataId or no group");
            }

            items.Add(new ConfigItem { DataId = dataId, Group = group, Namespace = @namespace, AppName = item.Text("appName") ?? "" });
        }

        // A cache that ignores the query returns the same page for all numbers. An empty page beyond the end cannot be confused.
        if (items.Count > 0 && root.Number("pageNumber") is { } said && said != pageNumber) throw DiamondErrors.Garbled(response, $"it is page {said} of the list, not page {pageNumber}");

        int pages = root.Number("pagesAvailable") ?? throw DiamondErrors.Garbled(response, "pagesAvailable is missing from the list");

        return new ConfigPage
        {
            Items = items,
            PageNumber = root.Number("pageNumber") ?? pageNumber,
            PagesAvailable = pages,
            TotalCount = total,
        };
    }
}
