using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Lists and searches configurations in the v3 admin API.</summary>
internal sealed class V3Lists(ConfigOperations operations, V3Configs configs, V3ErrorFormat errors)
{
    private const string Path = V3Configs.Path + "/list";

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path, errors, call => Task.FromResult(List(call, isAccurate: false))) { Filter = NameFilter.None },
        new("GET", Path, errors, call => Task.FromResult(List(call, isAccurate: true))) { When = "search=accurate", Filter = NameFilter.None },
    ];

    private Answer List(NacosCall call, bool isAccurate)
    {
        // The parameter filter checks only the data ID here.
        if (isAccurate) NameRules.FilterNames(call.Parameters.First("dataId"), group: null, @namespace: null);
        Paging paging = V3Call.Page(call);
        string dataId = call.TextOrBlank("dataId").Trim();
        string[] tags = call.TextOrBlank("configTags").Split(',', StringSplitOptions.RemoveEmptyEntries);
        SearchPage page = operations.Store.Search(new ConfigQuery
        {
            Tenant = isAccurate ? TextMatch.Equal(call.Tenant) : TextMatch.Like(call.Tenant),
            IsVisible = call.MayRead,
            DataId = Match(dataId),
            Group = Match(call.TextOrBlank("groupName").Trim()),
            AppName = call["appName"] is { Length: > 0 } app ? TextMatch.Equal(app) : TextMatch.Any,
            Content = Match(call.TextOrBlank("configDetail")),
            Tags = [.. tags.Select(tag => isAccurate ? TextMatch.Equal(tag) : TextMatch.Like(tag))],
            Types = isAccurate ? [] : call.TextOrBlank("type").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Skip = paging.Skip,
            Take = paging.Size,
            ByName = !isAccurate && dataId.Length > 0,
        });
        return Envelope.SuccessInParts(PageJson.Parts(page.TotalCount, paging, page.Items, (json, slot) =>
        {
            if (slot.Current is not { } entry) return;

            json.WriteStartObject();
            configs.WriteItem(json, slot, entry, showsMd5: tags.Length == 0, showsType: tags.Length == 0 || !isAccurate, showsTimes: false);
            json.WriteEndObject();
        }));

        TextMatch Match(string text) => text.Length == 0 ? TextMatch.Any : isAccurate ? TextMatch.Equal(text) : TextMatch.Like(text);
    }
}
