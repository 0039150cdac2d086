using Acm.Server.Storage;

namespace Acm.Tests.Server;

/// <summary>Searches with the indexes return the same results as a full scan, in the same order.</summary>
public sealed class SearchTests : IDisposable
{
    private static readonly string[] Tenants = ["", "ns", "ns-2"];
    private static readonly string[] Groups = ["G", "G2", "OTHER"];
    private static readonly string[] Words = ["app", "application", "db", "app.db", "cache"];
    private static readonly string[] Tags = ["red", "blue", "red,blue", "blue,blue", ""];

    private readonly StoreInMemory _memory = new();
    private readonly Dictionary<ConfigKey, ConfigEntry> _model = [];
    private readonly Random _random = new(15);
    private long _lastId;

    public static TheoryData<string> Queries => [.. Asked.Keys];

    private static Dictionary<string, ConfigQuery> Asked { get; } = new()
    {
        ["all"] = new(),
        ["all by name"] = new() { DataId = TextMatch.Like("*"), ByName = true },
        ["a page"] = new() { Tenant = TextMatch.Equal("ns"), Skip = 7, Take = 5 },
        ["behind the end"] = new() { Skip = 100_000, Take = 5 },
        ["no such namespace"] = new() { Tenant = TextMatch.Equal("absent") },
        ["a key"] = new() { Group = TextMatch.Equal("G"), DataId = TextMatch.Equal("app-1") },
        ["a group"] = new() { Group = TextMatch.Equal("G2"), Skip = 3, Take = 10 },
        ["no such group"] = new() { Group = TextMatch.Equal("absent") },
        ["groups like"] = new() { Group = TextMatch.Like("G*") },
        ["a data ID in all groups"] = new() { DataId = TextMatch.Equal("app-1") },
        ["a data ID by name"] = new() { DataId = TextMatch.Like("app-1"), ByName = true },
        ["a prefix"] = new() { DataId = TextMatch.Like("app-*"), ByName = true, Skip = 2, Take = 9 },
        ["a prefix and more"] = new() { DataId = TextMatch.Like("app*_"), ByName = true },
        ["the middle of a name"] = new() { DataId = TextMatch.Like("*lication*"), ByName = true },
        ["the middle of nearly all names"] = new() { DataId = TextMatch.Like("*app*"), ByName = true },
        ["two letters"] = new() { DataId = TextMatch.Like("%b-%"), ByName = true },
        ["no such letters"] = new() { DataId = TextMatch.Like("*xyz*"), ByName = true },
        ["an end"] = new() { DataId = TextMatch.Like("%ache-_"), ByName = true },
        ["an application"] = new() { AppName = TextMatch.Equal("shop") },
        ["a type"] = new() { Types = ["yaml"], Take = 4 },
        ["two types"] = new() { Types = ["yaml", "json", "yaml"] },
        ["a tag"] = new() { Tags = [TextMatch.Equal("blue")] },
        ["two tags"] = new() { Tags = [TextMatch.Equal("red"), TextMatch.Equal("blue")] },
        ["tags like"] = new() { Tags = [TextMatch.Like("b*")] },
        ["a content"] = new() { Content = TextMatch.Like("*7*") },
        ["everything at once"] = new()
        {
            Tenant = TextMatch.Like("ns*"), Group = TextMatch.Like("G%"), DataId = TextMatch.Like("*app*"), Types = ["yaml", "text"], AppName = TextMatch.Equal("shop"),
            Tags = [TextMatch.Equal("blue")], Content = TextMatch.Like("%1%"), ByName = true,
        },
        ["all namespaces"] = new() { Tenant = TextMatch.Like("*"), Skip = 4, Take = 50 },
        ["all namespaces by name"] = new() { Tenant = TextMatch.Like("*"), DataId = TextMatch.Like("d*"), ByName = true },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_search_finds_what_looking_at_everything_finds(string name)
    {
        ConfigQuery query = Asked[name];
        for (int round = 0; round < 8; round++)
        {
            for (int i = 0; i < 60; i++) ChangeSomething();

            SearchPage page = _memory.Store.Search(query);

            List<ConfigEntry> expected = LookAtEverything(query);
            Assert.Equal(expected.Count, page.TotalCount);
            Assert.Equal(expected.Skip((int)Math.Min(query.Skip, expected.Count)).Take(query.Take).Select(entry => entry.Id), page.Items.Select(slot => slot.Current!.Id));
        }
    }

    [Theory]
    [InlineData("a group")]
    [InlineData("a data ID in all groups")]
    [InlineData("a prefix")]
    [InlineData("an application")]
    [InlineData("a type")]
    public void A_search_with_one_condition_looks_at_its_page_only(string name)
    {
        ConfigQuery query = Asked[name] with { Take = 3 };
        for (int i = 0; i < 500; i++) ChangeSomething();

        Candidates candidates = _memory.Index.Listing("")!.Find(query);

        Assert.Equal(LookAtEverything(query).Count, candidates.Total);
        Assert.Equal(Math.Min(3, candidates.Total!.Value), candidates.Entries.Length);
    }

    [Theory]
    [InlineData("*0042*", 1)]
    [InlineData("%-00420%", 0)]
    [InlineData("name-002_", 10)]
    [InlineData("*9999*", 0)]
    [InlineData("*9name*", 0)]
    [InlineData("*9\0name*", 0)]
    [InlineData("*\0*", 0)]
    [InlineData("name-%9_9", 10)]
    public void A_search_for_a_part_of_a_name_looks_at_no_others(string pattern, int matches)
    {
        for (int i = 0; i < 1_000; i++) Set(new ConfigKey("", "G", $"name-{i:0000}"), ConfigMetadata.None, "1");
        var query = new ConfigQuery { DataId = TextMatch.Like(pattern), ByName = true };

        Candidates candidates = _memory.Index.Listing("")!.Find(query);
        SearchPage page = _memory.Store.Search(query);

        Assert.Equal(matches, page.TotalCount);
        Assert.Equal((matches, matches), (candidates.Total, candidates.Entries.Length));
    }

    public void Dispose() => _memory.Dispose();

    private static int Times(ConfigQuery query, ConfigKey key, ConfigEntry entry)
    {
        ConfigMetadata metadata = entry.Metadata;
        bool matches = query.Tenant.Matches(key.Tenant) && query.Group.Matches(key.Group) && query.DataId.Matches(key.DataId) && query.AppName.Matches(metadata.AppName)
            && (query.Types.Count == 0 || query.Types.Contains(metadata.Type)) && query.Content.Matches(System.Text.Encoding.ASCII.GetString(entry.Content!));
        if (!matches) return 0;

        return query.Tags.Count == 0 ? 1 : metadata.Tags?.Split(',').Count(tag => query.Tags.Any(wanted => wanted.Matches(tag))) ?? 0;
    }

    private List<ConfigEntry> LookAtEverything(ConfigQuery query)
    {
        IEnumerable<(ConfigKey Key, ConfigEntry Entry)> found = _model.SelectMany(item => Enumerable.Repeat((item.Key, item.Value), Times(query, item.Key, item.Value)));
        found = query.ByName ? found.OrderBy(item => item.Key.DataId, StringComparer.Ordinal).ThenBy(item => item.Entry.Id) : found.OrderBy(item => item.Entry.Id);
        return [.. found.Select(item => item.Entry)];
    }

    private void ChangeSomething()
    {
        var key = new ConfigKey(Pick(Tenants), Pick(Groups), $"{Pick(Words)}-{_random.Next(10)}");
        if (_random.Next(4) == 0 && _model.Remove(key)) _memory.Index.Set(key, "", null, null);
        else Set(key, new ConfigMetadata { AppName = Pick("", "shop", "till"), Type = Pick("yaml", "json", "text"), Tags = Pick(Tags) }, $"{_random.Next(1_000)}");
    }

    private void Set(ConfigKey key, ConfigMetadata metadata, string text)
    {
        byte[] content = System.Text.Encoding.ASCII.GetBytes(text);
        long revision = ++_lastId;
        var entry = new ConfigEntry
        {
            Revision = revision,
            Id = _model.GetValueOrDefault(key)?.Id ?? revision,
            Md5 = "",
            Length = content.Length,
            ModifiedAt = DateTimeOffset.UnixEpoch,
            Charset = Charsets.Text,
            Metadata = metadata,
        };
        _model[key] = entry;
        _memory.Index.Set(key, "", entry, content);
    }

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
